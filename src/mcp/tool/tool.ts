import type { Role } from '@task/domain';
import type { Arguments } from './argument';
import type { Asked } from './asked';
import type { Answer } from './answer';

/** What a client may think of a tool before it calls it. Whatever is not said is the worst that could be. */
export interface ToolHints {
  readonly readOnlyHint?: true;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint: false;
}

/** Reads and changes nothing. */
export const READS: ToolHints = { readOnlyHint: true, openWorldHint: false };
/** Adds or moves on, and doing it twice is another thing than doing it once. */
export const ADDS: ToolHints = { destructiveHint: false, openWorldHint: false };
/** Adds or moves on, and a repeat changes nothing more. */
export const REPEATS: ToolHints = { destructiveHint: false, idempotentHint: true, openWorldHint: false };
/** Takes something away, and a repeat changes nothing more. */
export const ENDS: ToolHints = { destructiveHint: true, idempotentHint: true, openWorldHint: false };

/** JSON Schema of an answer's fields, by name; none of them has to be there. */
export type AnswerFields = Readonly<Record<string, object>>;

/** One thing that an agent can do. */
export interface Tool<Given extends object = object> {
  readonly name: string;
  readonly title: string;
  /** For the model: what it does, and what to do next. */
  readonly about: string;
  readonly needs: Role;
  readonly hints: ToolHints;
  readonly takes: Arguments;
  readonly gives: AnswerFields;
  /** What a call is checked by, where that depends on the call; `takes` otherwise. */
  readonly takesOf?: (given: object) => Arguments;
  /** Does it. What it throws is worded for the model, with the next step to take. */
  run(given: Given, asked: Asked): Promise<Answer>;
}
