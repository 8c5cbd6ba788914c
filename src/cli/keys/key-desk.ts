import type { KeyDraft } from '@task/domain';

/** A key as the command line shows it: the fields of `GET /api/v1/keys`. */
export interface ShownKey {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly status: string;
  readonly created_at: string;
  readonly created_by: string | null;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly requests_per_minute: number | null;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
}

/** A key that was just made: the fields of `POST /api/v1/keys`. */
export interface MadeKey {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly key: string | null;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly requests_per_minute?: number;
}

/** Where keys are made and taken away. What is refused is thrown as a `StartFailure`. */
export interface KeyDesk {
  create(draft: KeyDraft): Promise<MadeKey>;
  /** All of them, in the order in which they were made. */
  list(withRevoked: boolean): Promise<readonly ShownKey[]>;
  revoke(id: string): Promise<ShownKey>;
  close(): Promise<void>;
}
