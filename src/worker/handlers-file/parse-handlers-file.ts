import { TASK_RULES } from '@task/domain';
import { parse, TomlError } from 'smol-toml';
import { HANDLERS_FILE, type HandlersDocument } from './handlers-schema';

/** A file of handlers that cannot be used: everything that is wrong with it. */
export class HandlersRefused extends Error {
  override readonly name = 'HandlersRefused';

  constructor(
    file: string,
    readonly problems: readonly string[],
  ) {
    super([`HANDLERS_FILE ${file} cannot be used:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

/**
 * Reads the text of HANDLERS_FILE.
 * @param file its path, for the complaint
 * @param env  where secrets are looked up
 * @throws HandlersRefused that names every mistake
 */
export function parseHandlersFile(
  text: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): HandlersDocument {
  const document = tomlIn(text, file);
  const read = HANDLERS_FILE.safeParse(document);
  const problems = [
    ...wrongTypes(document),
    ...(read.error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
    ...(read.success ? missingSecrets(read.data, env) : []),
  ];
  if (read.success && problems.length === 0) return read.data;
  throw new HandlersRefused(file, problems);
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
