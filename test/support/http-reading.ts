import type { Outcome, Reading } from './recorder';

/** An answer of the orchestrator dialect, as supertest and most clients have it. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface Envelope {
  readonly data?: {
    readonly task_id?: string;
    readonly lease_token?: string;
    readonly attempt?: number;
  } | null;
  readonly error?: { readonly code?: string } | null;
}

/**
 * Reads answers of the orchestrator dialect. A 5xx leaves open whether it was done, and so does a connection that
 * broke.
 */
export const HTTP_READING: Reading<HttpAnswer> = {
  answer: ({ status, body }): Outcome => {
    const { data, error } = (body ?? {}) as Envelope;
    if (status >= 500) return { is: 'unknown', cause: `${status}` };
    if (status >= 400) return { is: 'refused', code: error?.code ?? `${status}` };
    return { is: 'ok', taskId: data?.task_id, token: data?.lease_token, attempt: data?.attempt };
  },
  error: (error) => ({ is: 'unknown', cause: String(error) }),
};
