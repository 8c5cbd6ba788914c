import type { OpenAPIObject } from '@nestjs/swagger';

/** A schema, or any other part of a document. */
export type Json = Readonly<Record<string, unknown>>;

/** Something that a path, a query or a header takes. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

/** Something that can be asked for, as the document has it. */
export interface Operation {
  /** `post /api/v1/tasks` */
  readonly name: string;
  readonly method: string;
  /** With names in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Null where it takes no body. */
  readonly body: Json | null;
}

/** Everything that a document offers. */
export function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Json>).map(([method, operation]) => ({
      name: `${method} ${path}`,
      method: method.toUpperCase(),
      path,
      parameters: (operation.parameters ?? []) as Parameter[],
      body: bodyOf(operation),
    })),
  );
}

function bodyOf({ requestBody }: Json): Json | null {
  const content = (requestBody as { content?: Record<string, { schema: Json }> } | undefined)?.content;
  return content?.['application/json']?.schema ?? null;
}
