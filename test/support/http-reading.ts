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
    readonly lease_expires_at?: string;
  } | null;
  readonly error?: { readonly code?: string; readonly details?: { readonly code?: string } | null } | null;
}

/**
 * Reads answers of the orchestrator dialect. A 5xx leaves open whether it was done, and so does a connection that
 * broke.
 */
export const HTTP_READING: Reading<HttpAnswer> = {
  answer: ({ status, body }): Outcome => {
    const { data, error } = (body ?? {}) as Envelope;
    if (status >= 500) return { is: 'unknown', cause: `${status}` };
    if (status >= 400) return { is: 'refused', code: error?.details?.code ?? error?.code ?? `${status}` };
    return {
      ...{ is: 'ok', taskId: data?.task_id, token: data?.lease_token, attempt: data?.attempt },
      leaseEndsAt: data?.lease_expires_at === undefined ? undefined : Date.parse(data.lease_expires_at),
    };
  },
  error: (error) => ({ is: 'unknown', cause: String(error) }),
};
