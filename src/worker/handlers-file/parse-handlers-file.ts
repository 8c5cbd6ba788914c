import { dirname } from 'node:path';
import { TASK_RULES } from '@task/domain';
import { parse, TomlError } from 'smol-toml';
import { isProgram, locatedCommand } from '../commands/program';
import { HandlersRefused } from './handlers-refused';
import { checkHandlers, type HandlersDocument } from './handlers-schema';

/**
 * Reads the text of HANDLERS_FILE.
 * @param file its path, which relative ones are relative to
 * @param env  where secrets are looked up
 * @throws HandlersRefused that names every mistake
 */
export async function parseHandlersFile(
  text: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<HandlersDocument> {
  const given = tomlIn(text, file);
  const { z } = await import('zod');
  const { document, problems } = checkHandlers(z, given);
  const all = [
    ...wrongTypes(given),
    ...problems,
    ...(document === null ? [] : [...missingSecrets(document, env), ...missingPrograms(document, file)]),
  ];
  if (document !== null && all.length === 0) return document;
  throw new HandlersRefused(file, all);
}

function wrongTypes(document: unknown): string[] {
  const { handlers } = document as { readonly handlers?: unknown };
  if (typeof handlers !== 'object' || handlers === null) return [];
  const { maxLength = 0, pattern = '' } = TASK_RULES.taskType.schema;
  return Object.keys(handlers).flatMap((type) =>
    TASK_RULES.taskType.check(type).length === 0
      ? []
      : [`handlers.${type}: a task type has 1 to ${maxLength} characters of the form ${pattern}`],
  );
}

function tomlIn(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ''] = error.message.split('\n');
    throw new HandlersRefused(file, [`line ${error.line}, column ${error.column}: ${reason}`]);
  }
}

function missingSecrets(
  { handlers }: HandlersDocument,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  return Object.entries(handlers).flatMap(([type, table]) =>
    table.kind === 'http' && table.secret_env !== undefined && (env[table.secret_env] ?? '') === ''
      ? [`handlers.${type}.secret_env: the environment has no ${table.secret_env}`]
      : [],
  );
}

/** Only of those that are named by a path: what is on the PATH is looked for when it is run. */
function missingPrograms({ handlers }: HandlersDocument, file: string): string[] {
  return Object.entries(handlers).flatMap(([type, table]) => {
    if (table.kind !== 'command') return [];
    const [program = ''] = locatedCommand(table.command, dirname(file));
    return !program.includes('/') || isProgram(program)
      ? []
      : [`handlers.${type}.command: there is no program ${program}`];
  });
}
