import type { Type } from '@nestjs/common';
import type { ApiBodyOptions, ApiResponseOptions } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY } from '../exchange/idempotency';
import { Documented } from './documented';

/** A schema as OpenAPI writes it. */
export type Schema = Readonly<Record<string, unknown>>;

/** One answer that an endpoint can give: its shape, and real ones of it by name. */
export interface AnswerDoc {
  readonly status: number;
  readonly description?: string;
  readonly schema: Schema;
  /** The classes that the schema refers to. */
  readonly models: readonly Type[];
  readonly examples: Readonly<Record<string, unknown>>;
  /** What it is written in; JSON unless said; null for an answer without a body. */
  readonly mediaType?: string | null;
  /** Names of the document's headers that it carries beside those of every answer. */
  readonly headers?: readonly string[];
}

/** A part of a path, or a header of a request. */
export interface ParamDoc {
  readonly name: string;
  readonly description: string;
  /** With an example. */
  readonly schema: Schema;
}

/** What the documentation says about an endpoint. */
export interface EndpointDoc {
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** A body to send, as it is documented. */
  readonly request?: {
    readonly type: Type;
    readonly required: boolean;
    readonly example: object;
    /** Where the body is a list of the type: how many at most. */
    readonly list?: { readonly max: number };
  };
  /** Parts of its path. */
  readonly params?: readonly ParamDoc[];
  /** Headers that it reads beside those of every request. */
  readonly headers?: readonly ParamDoc[];
  /** Whether it takes an idempotency key. */
  readonly isRepeatable?: boolean;
  /** Whether it takes no key. */
  readonly isOpen?: boolean;
  /** Made when somebody asks for the documentation. */
  readonly answers: () => readonly AnswerDoc[];
}

const HEADERS_OF_ALL = ['X-Request-ID', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];
const REPLAYED = 'Idempotency-Replayed';

const REPEAT_KEY: ParamDoc = {
  name: IDEMPOTENCY_HEADER,
  description:
    'Makes the request safe to repeat: the same request under the same key does nothing again within 24 hours, and ' +
    'gets the first outcome',
  schema: { ...IDEMPOTENCY_KEY.schema, example: '4f8d7a52-1c1e-4d55-9d3e-2f1f0a7b6c3d' },
};

/** Documents an endpoint. */
export function Endpoint(doc: EndpointDoc): MethodDecorator {
  return Documented(
    ({ ApiBody, ApiExtraModels, ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiTags }) => {
      const {
        id,
        tag,
        summary,
        description,
        request,
        params = [],
        isOpen = false,
        isRepeatable = false,
      } = doc;
      const headers = [...(doc.headers ?? []), ...(isRepeatable ? [REPEAT_KEY] : [])];
      const given = doc.answers().map((answer) => (isRepeatable ? asRepeatable(answer) : answer));
      const models = new Set(given.flatMap((answer) => answer.models));
      const operation = { operationId: id, summary, description, ...(isOpen && { security: [] }) };
      return [
        ApiTags(tag),
        ApiOperation(operation),
        ...params.map((param) => ApiParam(param)),
        ...headers.map((header) => ApiHeader({ ...header, required: false })),
        ApiExtraModels(...models, ...(request === undefined ? [] : [request.type])),
        ...given.map((answer) => ApiResponse(responseOf(answer))),
        ...(request === undefined ? [] : [ApiBody(bodyOf(request))]),
      ];
    },
  );
}

/** A reference to a class that is among an answer's models. */
export function refTo(type: Type): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${type.name}` };
}

function asRepeatable(answer: AnswerDoc): AnswerDoc {
  return answer.status < 300 ? { ...answer, headers: [...(answer.headers ?? []), REPLAYED] } : answer;
}

function responseOf(answer: AnswerDoc): ApiResponseOptions {
  const { status, description, schema, examples, headers = [], mediaType = 'application/json' } = answer;
  const named = Object.entries(examples).map(([name, value]) => [name, { value }]);
  const told = [...HEADERS_OF_ALL, ...headers].map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]);
  const options = {
    status,
    description: description ?? STATUS_CODES[status],
    headers: Object.fromEntries(told) as unknown,
    ...(mediaType !== null && {
      content: { [mediaType]: { schema, examples: Object.fromEntries(named) as unknown } },
    }),
  };
  return options as ApiResponseOptions;
}

function bodyOf({ type, required, example, list }: NonNullable<EndpointDoc['request']>): ApiBodyOptions {
  const { $ref } = refTo(type);
  const schema =
    list === undefined
      ? { $ref }
      : { type: 'array' as const, items: { $ref }, minItems: 1, maxItems: list.max };
  return { schema, required, examples: { example: { value: example } } };
}
