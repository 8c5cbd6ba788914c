import type { Agent } from './mcp-agents';
import type { Held } from './recorded-client';
import type { Outcome, Reading, Recorder } from './recorder';

interface Told {
  readonly task_id?: string;
  readonly lease_token?: string;
  readonly attempt?: number;
}

/** Reads answers of tools. An error leaves open whether it was done: its words are for models. */
const TOOL_READING: Reading<Told> = {
  answer: ({ task_id: taskId, lease_token: token, attempt }): Outcome => ({
    is: 'ok',
    taskId,
    token,
    attempt,
  }),
  error: (error) => ({ is: 'unknown', cause: String(error) }),
};

/** An official client of MCP. What it asks for and is told is written down. */
export class RecordedAgent {
  constructor(
    readonly agent: Agent,
    private readonly recorder: Recorder,
  ) {}

  create(task: Record<string, unknown>): Promise<Told> {
    return this.recorder.record(
      { kind: 'create' },
      () => this.agent.ask<Told>('task_create', task),
      TOOL_READING,
    );
  }

  /** @returns what it got, or null when nothing was handed out */
  async claim(wanted: Record<string, unknown>): Promise<Held | null> {
    const {
      task_id: taskId,
      lease_token: token,
      attempt = 1,
    } = await this.recorder.record(
      { kind: 'claim' },
      () => this.agent.ask<Told>('task_claim', wanted),
      TOOL_READING,
    );
    return taskId === undefined || token === undefined ? null : { taskId, token, attempt };
  }

  complete({ taskId, token }: Held): Promise<Told> {
    const given = { task_id: taskId, lease_token: token };
    return this.recorder.record(
      { kind: 'complete', taskId, token },
      () => this.agent.ask<Told>('task_complete', given),
      TOOL_READING,
    );
  }
}
