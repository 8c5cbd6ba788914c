import Table from 'cli-table3';
import type { ShownKey } from './key-desk';

const HEAD = ['id', 'name', 'roles', 'status', 'expires', 'last used', 'per minute', 'made by'];

/** Keys as a table for people. */
export function keyTable(keys: readonly ShownKey[]): string {
  if (keys.length === 0) return 'There are no keys.';
  const table = new Table({ head: HEAD, style: { head: [], border: [] } });
  table.push(...keys.map(rowOf));
  return table.toString();
}

function rowOf(key: ShownKey): string[] {
  const { id, name, roles, status, requests_per_minute: limit } = key;
  return [
    ...[id, name, roles.join(', '), status, moment(key.expires_at, 'never')],
    ...[moment(key.last_used_at, 'never'), limit === null ? '' : String(limit), key.created_by ?? ''],
  ];
}

/** To the minute, UTC. */
function moment(time: string | null, absent: string): string {
  return time === null ? absent : `${time.slice(0, 16).replace('T', ' ')}Z`;
}
