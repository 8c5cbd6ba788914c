import { Injectable } from '@nestjs/common';
import { StoreUnavailable } from '@task/application';
import { DomainError } from '@task/domain';
import { Unexpected, type Failure } from '../../http/shared/failures/failure';
import {
  StableFailures,
  type FailureAnswer,
  type FailureRenderer,
} from '../../http/shared/failures/failure-renderer';
import { Refusal } from '../../http/shared/failures/refusal';
import type { Language } from '../../http/shared/language/language';

const PARSE_ERROR = -32_700;
const INTERNAL_ERROR = -32_603;
/** What a server calls its own; those from -32020 on are the protocol's. */
const SERVER_ERROR = -32_000;

/** Words what is refused before MCP itself comes to speak: as an error of JSON-RPC, with the stable code as its data. */
@Injectable()
export class McpFailures implements FailureRenderer {
  constructor(private readonly words: StableFailures) {}

  render(failure: Failure, language: Language): FailureAnswer {
    const { error, ...answer } = this.words.tell(failure, language);
    const { code, message, details } = error;
    const told = { code: numberOf(failure), message: `${code}: ${message}`, data: { code, details } };
    return { ...answer, body: { jsonrpc: '2.0', id: null, error: told } };
  }
}

function numberOf(failure: Failure): number {
  if (failure instanceof Refusal) return isParseError(failure) ? PARSE_ERROR : SERVER_ERROR;
  if (failure instanceof Unexpected) return INTERNAL_ERROR;
  return failure instanceof StoreUnavailable || failure instanceof DomainError
    ? SERVER_ERROR
    : INTERNAL_ERROR;
}

function isParseError({ violations }: Refusal): boolean {
  return violations.some(
    ({ field, reason }) => field === 'body' && (reason === 'not_json' || reason === 'malformed_text'),
  );
}
