import { InvalidTask } from '@task/domain';
import type { Position, TaskFilter, TaskSort } from './task-query';

/** Writes a position as an opaque text that continues this list and no other. */
export function encodeCursor(position: Position, filter: TaskFilter, sort: TaskSort): string {
  return Buffer.from(JSON.stringify([listDigest(filter, sort), ...position])).toString('base64url');
}

/**
 * Reads a cursor back.
 * @throws InvalidTask when it is none, or was made for other filters or another sort
 */
export function decodeCursor(cursor: string, filter: TaskFilter, sort: TaskSort): Position {
  const [digest, ...position] = numbersIn(cursor);
  if (digest === listDigest(filter, sort) && position.length > 0) return position;
  throw new InvalidTask([
    { field: 'cursor', reason: 'bad_format', constraints: { expected: 'next_cursor of the same list' } },
  ]);
}

function numbersIn(cursor: string): readonly number[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item))
      ? (value as number[])
      : [];
  } catch {
    return [];
  }
}

/** FNV-1a, 32 bits, over the list's definition in one fixed order: binds a cursor, protects nothing. */
function listDigest(filter: TaskFilter, sort: TaskSort): number {
  const definition = JSON.stringify([sort.by, sort.order, ...Object.entries(filter).sort()]);
  let hash = 0x811c9dc5;
  for (let index = 0; index < definition.length; index += 1) {
    hash = Math.imul(hash ^ definition.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
