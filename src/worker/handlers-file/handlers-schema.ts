import { BUILTIN_TASK_TYPES } from '@task/domain';
import { z } from 'zod';
import { COMMAND_INPUTS } from '../commands/command-handler';

const path = z.string().min(1);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');
const seconds = (min: number, max: number): z.ZodNumber => z.number().min(min).max(max);

const TIMEOUT = { timeout_seconds: seconds(1, 604_800).optional() };

const command = z.strictObject({
  kind: z.literal('command'),
  command: z
    .array(z.string())
    .min(1)
    .refine(([program = '']) => program !== '' && !program.startsWith('-'), 'must begin with a program'),
  input: z.enum(COMMAND_INPUTS).default('json'),
  directory: path.optional(),
  roots: z.array(path).optional(),
  env: z.array(variable).default([]),
  grace_seconds: seconds(0, 60).default(5),
  ...TIMEOUT,
});

const http = z.strictObject({
  kind: z.literal('http'),
  url: z
    .url({ protocol: /^https?$/ })
    .refine(
      (text) => !URL.canParse(text) || new URL(text).username === '',
      'must not have a user or a password in it',
    ),
  secret_env: variable.optional(),
  allow_private: z.boolean().default(false),
  retries: z.int().min(0).max(10).default(3),
  answer_seconds: seconds(1, 3600).default(30),
  ...TIMEOUT,
});

const builtin = z.strictObject({
  kind: z.literal('builtin'),
  builtin: z.enum(BUILTIN_TASK_TYPES),
  ...TIMEOUT,
});

/** What HANDLERS_FILE holds: a table for each task type, and the directories below which work is allowed. */
export const HANDLERS_FILE = z.strictObject({
  roots: z.array(path).default([]),
  handlers: z.record(z.string(), z.discriminatedUnion('kind', [command, http, builtin])),
});

/** One of its tables. */
export type HandlerTable = z.infer<typeof HANDLERS_FILE>['handlers'][string];
/** All of it. */
export type HandlersDocument = z.infer<typeof HANDLERS_FILE>;
