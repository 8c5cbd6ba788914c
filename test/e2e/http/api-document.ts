import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { OpenAPIObject } from '@nestjs/swagger';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';

type Json = Record<string, unknown>;

interface Media {
  readonly schema: Json;
  readonly examples?: Record<string, { value: unknown }>;
}

/** An operation by its name, such as `get /api/v1/tasks`. */
type Named = readonly [name: string, operation: Json];

/** Looks for what is wrong with an OpenAPI document, and with answers that it describes. */
export class ApiDocumentChecks {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  private readonly compiled = new WeakMap<Json, ValidateFunction>();

  constructor(private readonly document: OpenAPIObject) {
    this.ajv.addSchema({ ...document, $id: 'api' });
  }

  /** The names of all operations, sorted. */
  get names(): string[] {
    return this.operations()
      .map(([name]) => name)
      .sort();
  }

  /** The statuses of an operation's answers. */
  statusesOf(name: string): string[] {
    return this.responsesOf(this.operation(name)).map(([status]) => status);
  }

  /** What the linter says, in its own process. */
  async lint(): Promise<unknown> {
    const linter = spawn(process.execPath, [join(__dirname, 'lint-openapi.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    linter.stdin.end(JSON.stringify(this.document));
    return JSON.parse(await text(linter.stdout));
  }

  /** Answers and bodies without an example, and examples that their own schema refuses. */
  wrongExamples(): string[] {
    return this.operations().flatMap(([name, operation]) => {
      const body = operation.requestBody as Json | undefined;
      const holders: Named[] = [
        ...this.responsesOf(operation),
        ...(body === undefined ? [] : [['body', body] as const]),
      ];
      return holders.flatMap(([status, holder]) => this.wrongIn(`${name} ${status}`, holder));
    });
  }

  /** Fields and parameters without an example that their own schema takes. */
  wrongFields(): string[] {
    const bodies = Object.entries(this.document.components?.schemas ?? {}).filter(([name]) =>
      name.endsWith('Body'),
    );
    const fields = bodies.flatMap(([name, schema]) =>
      Object.entries((schema as { properties?: Record<string, Json> }).properties ?? {}).map(
        ([field, property]): Named => [`${name}.${field}`, property],
      ),
    );
    const parameters = this.operations().flatMap(([name, operation]) =>
      ((operation.parameters ?? []) as Json[]).map((parameter): Named => {
        const { schema, example, name: parameterName } = parameter;
        return [`${name} ${String(parameterName)}`, { example, ...(schema as Json) }];
      }),
    );
    return [...fields, ...parameters]
      .filter(([, { example, ...schema }]) => example === undefined || !this.takes(schema, example))
      .map(([name]) => name);
  }

  /** What is wrong with a real answer, by what the document says of it; null when nothing is. */
  wrongAnswer(name: string, status: number, answer: string): string | null {
    const response = new Map(this.responsesOf(this.operation(name))).get(String(status));
    if (response === undefined) return `${name} is not described to answer ${status}: ${answer}`;
    const media = mediaOf(response);
    if (media === null) return answer === '' ? null : `${name} ${status} has a body`;
    const isJson = Object.keys(response.content as Json)[0] === 'application/json';
    const wrong = this.wrongBy(media.schema, isJson ? JSON.parse(answer) : answer);
    return wrong === null ? null : `${name} ${status}: ${wrong}`;
  }

  /** In which type of media an answer is documented to come; null of one without a body. */
  mediaTypeOf(name: string, status: number): string | null {
    const response = new Map(this.responsesOf(this.operation(name))).get(String(status));
    return Object.keys(response?.content ?? {})[0] ?? null;
  }

  private wrongIn(name: string, holder: Json): string[] {
    const media = mediaOf(holder);
    if (media === null) return [];
    const examples = Object.entries(media.examples ?? {});
    if (examples.length === 0) return [`${name} has no example`];
    return examples
      .map(([example, { value }]) => ({ example, wrong: this.wrongBy(media.schema, value) }))
      .flatMap(({ example, wrong }) => (wrong === null ? [] : [`${name} ${example}: ${wrong}`]));
  }

  private takes(schema: Json, value: unknown): boolean {
    return this.wrongBy(schema, value) === null;
  }

  private wrongBy(schema: Json, value: unknown): string | null {
    const validate = this.compiled.get(schema) ?? this.ajv.compile(pointed(schema));
    this.compiled.set(schema, validate);
    return validate(value) ? null : this.ajv.errorsText(validate.errors);
  }

  private operations(): Named[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Json>).map(([method, operation]): Named => [
        `${method} ${path}`,
        operation,
      ]),
    );
  }

  private operation(name: string): Json {
    return new Map(this.operations()).get(name) ?? {};
  }

  private responsesOf(operation: Json): Named[] {
    return Object.entries((operation.responses ?? {}) as Json).map(([status, response]) => [
      status,
      this.resolved(response),
    ]);
  }

  private resolved(value: unknown): Json {
    const { $ref } = value as { $ref?: string };
    if ($ref === undefined) return value as Json;
    return $ref
      .slice(2)
      .split('/')
      .reduce<unknown>((node, key) => (node as Json)[key], this.document) as Json;
  }
}

/** The schema, with its references into the document. */
function pointed(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as Json;
}

/** What an answer or a body has in it; null of one that has nothing. */
function mediaOf({ content }: Json): Media | null {
  return content === undefined ? null : (Object.values(content as Record<string, Media>)[0] ?? null);
}
