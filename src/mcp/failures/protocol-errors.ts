import type { ProtocolError } from '@modelcontextprotocol/server';
import type { Sdk } from '../endpoint/sdk';
import type { Asked } from '../tool/asked';
import type { ToolErrors } from './tool-errors';
import { WrongParams } from './wrong-params';

/** Codes that say that another request would have been answered. */
const WRONG_PARAMS: readonly string[] = ['VALIDATION_ERROR', 'NOT_FOUND', 'FORBIDDEN', 'CONFLICT'];

/** Words failures of requests that have no result to say it in: as errors of the protocol. */
export class ProtocolErrors {
  constructor(
    private readonly sdk: Pick<Sdk, 'ProtocolError' | 'ProtocolErrorCode'>,
    private readonly errors: ToolErrors,
  ) {}

  /** What the protocol itself refuses stays as it is. */
  of(asked: Asked, error: unknown): ProtocolError {
    const { ProtocolError, ProtocolErrorCode } = this.sdk;
    if (error instanceof ProtocolError) return error;
    if (error instanceof WrongParams) return this.wrongParams(error.message);
    const { code, message, ...rest } = this.errors.tell(asked, error);
    const isCallers = WRONG_PARAMS.includes(code);
    const number = isCallers ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
    return new ProtocolError(number, `${code}: ${message}`, { code, ...rest });
  }

  /** Says what is wrong with what a request gave. */
  wrongParams(message: string): ProtocolError {
    return new this.sdk.ProtocolError(this.sdk.ProtocolErrorCode.InvalidParams, message);
  }
}
