import { BUILTIN_TASK_TYPES } from '@task/domain';
import type { z as Zod } from 'zod';
import { isServiceSecret } from '../commands/command-environment';
import { COMMAND_INPUTS } from '../commands/command-handler';

type Z = typeof Zod;

/** What HANDLERS_FILE holds. */
export type HandlersDocument = Zod.infer<ReturnType<typeof schemaOf>>;
/** What it says about a task type. */
export type HandlerTable = HandlersDocument['handlers'][string];

/** What is in a document; null with everything that is wrong when it cannot be used. */
export interface CheckedHandlers {
  readonly document: HandlersDocument | null;
  readonly problems: readonly string[];
}

/** Checks what was read from HANDLERS_FILE. @param z the package, which takes memory: loaded where it is needed */
export function checkHandlers(z: Z, document: unknown): CheckedHandlers {
  const read = schemaOf(z).safeParse(document);
  if (read.success) return { document: read.data, problems: [] };
  const problems = read.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  return { document: null, problems };
}

/** A table for each task type, and the directories below which work is allowed. */
function schemaOf(z: Z) {
  const table = z.discriminatedUnion('kind', [commandTable(z), httpTable(z), builtinTable(z)]);
  return z.strictObject({
    roots: z.array(pathIn(z)).default([]),
    handlers: z.record(z.string(), table),
  });
}

function commandTable(z: Z) {
  return z.strictObject({
    kind: z.literal('command'),
    command: z
      .array(z.string())
      .min(1)
      .refine(([program = '']) => program !== '' && !program.startsWith('-'), 'must begin with a program'),
    input: z.enum(COMMAND_INPUTS).default('json'),
    directory: pathIn(z).optional(),
    roots: z.array(pathIn(z)).optional(),
    env: z.array(handedOnIn(z)).default([]),
    grace_seconds: secondsIn(z, 0, 60).default(5),
    timeout_seconds: timeoutIn(z),
  });
}

function httpTable(z: Z) {
  return z.strictObject({
    kind: z.literal('http'),
    url: z
      .url({ protocol: /^https?$/ })
      .refine(
        (text) => !URL.canParse(text) || new URL(text).username === '',
        'must not have a user or a password in it',
      ),
    secret_env: variableIn(z).optional(),
    allow_private: z.boolean().default(false),
    retries: z.int().min(0).max(10).default(3),
    answer_seconds: secondsIn(z, 1, 3600).default(30),
    timeout_seconds: timeoutIn(z),
  });
}

function builtinTable(z: Z) {
  return z.strictObject({
    kind: z.literal('builtin'),
    builtin: z.enum(BUILTIN_TASK_TYPES),
    timeout_seconds: timeoutIn(z),
  });
}

function pathIn(z: Z) {
  return z.string().min(1);
}

function variableIn(z: Z) {
  return z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');
}

/** A variable that a command may see. */
function handedOnIn(z: Z) {
  return variableIn(z).refine((name) => !isServiceSecret(name), {
    error: ({ input }) => `${String(input)} is a secret of the service, which no command may see`,
  });
}

function timeoutIn(z: Z) {
  return secondsIn(z, 1, 604_800).optional();
}

function secondsIn(z: Z, min: number, max: number) {
  return z.number().min(min).max(max);
}
