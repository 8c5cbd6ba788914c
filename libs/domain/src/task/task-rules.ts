import { absolutePath, instant, oneOf, pattern, printable, text } from '../rules/text-rules';
import { flag, jsonObject, jsonValue, listOf, wholeNumber } from '../rules/value-rules';
import { DEPENDENCY_POLICIES } from './needs';
import { HIGHEST_PRIORITY, LOWEST_PRIORITY, PRIORITY_BANDS, PRIORITY_LEVELS } from './priority';
import { TASK_STATUSES } from './task-status';

const KIBI = 1024;
const MAX_DEPTH = 64;
const WEEK_SECONDS = 604_800;
const DAY_SECONDS = 86_400;

/** The type of a task whose creator names none. */
export const DEFAULT_TASK_TYPE = 'agent_prompt';
/** Retries of a task whose creator asks for no other number. */
export const DEFAULT_MAX_RETRIES = 3;

/** What every field of a task takes, whichever door it comes through. Source: behaviour.md 1 and 3. */
export const TASK_RULES = {
  taskType: pattern(/^[a-z0-9_.-]+$/, { min: 1, max: 64 }),
  workDirectory: absolutePath({ max: 512 }),
  kbId: printable({ min: 1, max: 128 }),
  prompt: text({ min: 1, max: 10_000 }),
  payload: jsonObject({ maxBytes: 256 * KIBI, maxDepth: MAX_DEPTH }),
  priority: wholeNumber({ min: LOWEST_PRIORITY, max: HIGHEST_PRIORITY }),
  priorityBand: oneOf(PRIORITY_BANDS),
  priorityLevel: oneOf(PRIORITY_LEVELS),
  tag: printable({ min: 1, max: 100 }),
  tags: listOf(printable({ min: 1, max: 100 }), { max: 32 }),
  status: oneOf(TASK_STATUSES),
  availableAt: instant(),
  timeoutSeconds: wholeNumber({ min: 1, max: WEEK_SECONDS }),
  maxRetries: wholeNumber({ min: 0, max: 100 }),
  autoRetry: flag(),
  concurrencyKey: printable({ min: 1, max: 128 }),
  keyLimit: wholeNumber({ min: 1, max: 1_000 }),
  dependsOn: listOf(printable({ min: 1, max: 100 }), { max: 100 }),
  reference: pattern(/^[A-Za-z0-9_.-]+$/, { min: 1, max: 64 }),
  onDependencyFailure: oneOf(DEPENDENCY_POLICIES),
  workerId: printable({ min: 1, max: 100 }),
  leaseToken: printable({ min: 1, max: 100 }),
  leaseSeconds: wholeNumber({ min: 10, max: DAY_SECONDS }),
  progress: wholeNumber({ min: 0, max: 100 }),
  progressMessage: text({ max: 1_000 }),
  result: jsonValue({ maxBytes: 1024 * KIBI, maxDepth: MAX_DEPTH }),
  resultObject: jsonObject({ maxBytes: 1024 * KIBI, maxDepth: MAX_DEPTH }),
  errorMessage: text({ min: 1, max: 10_000 }),
  reason: text({ max: 1_000 }),
  metadata: jsonObject({ maxBytes: 16 * KIBI, maxDepth: MAX_DEPTH }),
} as const;
