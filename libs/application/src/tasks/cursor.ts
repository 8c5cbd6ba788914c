import { InvalidTask } from '@task/domain';
import type { Position, TaskFilter, TaskSort } from './task-query';

/** What a task is sorted by, when it was made, and its arrival. */
const FIGURES_OF_A_PLACE = 3;

/** Writes a position as an opaque text that continues this list and no other. */
export function encodeCursor(position: Position, filter: TaskFilter, sort: TaskSort): string {
  return encodePosition(position, definitionOf(filter, sort));
}

/** Writes a position in any list as an opaque text that continues this list and no other. @param list what defines it */
export function encodePosition(position: Position, list: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([listDigest(list), ...position])).toString('base64url');
}

/**
 * Reads a cursor back.
 * @throws InvalidTask when it is none, or was made for other filters or another sort
 */
export function decodeCursor(cursor: string, filter: TaskFilter, sort: TaskSort): Position {
  return decodePosition(cursor, definitionOf(filter, sort), FIGURES_OF_A_PLACE);
}

/**
 * Reads back what {@link encodePosition} wrote for the same list.
 * @param figures how many a position of that list has
 * @throws InvalidTask when it is none, or was made for another list
 */
export function decodePosition(cursor: string, list: readonly unknown[], figures: number): Position {
  const [digest, ...position] = numbersIn(cursor);
  if (digest === listDigest(list) && position.length === figures) return position;
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

function definitionOf(filter: TaskFilter, sort: TaskSort): readonly unknown[] {
  return [sort.by, sort.order, ...Object.entries(filter).sort()];
}

/** FNV-1a, 32 bits, over the list's definition in one fixed order: binds a cursor, protects nothing. */
function listDigest(list: readonly unknown[]): number {
  const definition = JSON.stringify(list);
  let hash = 0x811c9dc5;
  for (let index = 0; index < definition.length; index += 1) {
    hash = Math.imul(hash ^ definition.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
