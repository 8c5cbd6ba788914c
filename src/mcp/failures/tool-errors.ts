import { Injectable } from '@nestjs/common';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { FailureWriter } from '../../http/shared/failures/failure-writer';
import { StableFailures, type ToldError } from '../../http/shared/failures/failure-renderer';
import { Unexpected } from '../../http/shared/failures/failure';
import { languageOf } from '../../http/shared/language/language';
import type { Asked } from '../tool/asked';
import { nextStepOf } from './next-steps';

/** What a model is told. */
export interface Told extends ToldError {
  readonly next: string;
}

const MOST_DETAILS = 20;

/** Words failures of tools for models: the stable code, what it means, and what to do about it. */
@Injectable()
export class ToolErrors {
  constructor(
    private readonly failures: FailureWriter,
    private readonly words: StableFailures,
  ) {}

  /** A result that says so: a model sees it, and can do better, where an error of the protocol stops its client. */
  result(asked: Asked, error: unknown): CallToolResult {
    const text = JSON.stringify(this.tell(asked, error));
    return { content: [{ type: 'text', text }], isError: true };
  }

  /** The failure in words, for whatever says them. */
  tell(asked: Asked, error: unknown): Told {
    const failure = this.failures.sorted(asked.request, error);
    if (!(failure instanceof Unexpected)) asked.refuse();
    const language = languageOf(asked.request);
    const { code, message, details } = this.words.tell(failure, language).error;
    const few = Array.isArray(details) ? (details as unknown[]).slice(0, MOST_DETAILS) : details;
    return { code, message, details: few, next: nextStepOf(failure, language) };
  }
}
