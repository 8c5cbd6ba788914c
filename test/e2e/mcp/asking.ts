import type { McpClient } from '../../support/mcp-client';

/** What a tool tells of a task that it filed or moved. */
export interface Filed {
  readonly task_id: string;
  readonly status: string;
}

/** What a tool tells of a task that it handed out. */
export interface Claimed extends Filed {
  readonly claimed: boolean;
  readonly lease_token: string;
  readonly prompt: string;
}

/** The least that a new task needs. */
export const NEW = { work_directory: '/srv/project', prompt: 'write the release notes' };

/** Files a task. */
export function create(mcp: McpClient, changes: object = {}): Promise<Filed> {
  return mcp.ask('task_create', { ...NEW, ...changes });
}

/** Claims a task where {@link create} files them. */
export function claim(mcp: McpClient, changes: object = {}): Promise<Claimed> {
  return mcp.ask('task_claim', { work_path: NEW.work_directory, worker_id: 'agent-1', ...changes });
}

/** What shows that a caller holds a task. */
export function held({ task_id, lease_token }: Claimed): object {
  return { task_id, lease_token };
}
