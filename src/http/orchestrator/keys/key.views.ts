import { KEY_RULES, KEY_STATUSES, type KeyStatus, type Role } from '@task/domain';
import { Shows, ShowsParts, TEXT, TIME, UUID } from '../../shared/docs/shows';
import { Page } from '../views/task-list.view';

/** A key that was made: the only answer that shows one. */
export class CreatedKeyView {
  @Shows(UUID, { description: 'What the key is called in paths' })
  declare readonly id: string;
  @Shows(KEY_RULES.name, { description: 'Whose it is' })
  declare readonly name: string;
  @Shows(KEY_RULES.roles, { description: 'What it may do' })
  declare readonly roles: readonly Role[];
  @Shows(TEXT, {
    description: 'The key itself, shown only now; null in the answer to a repeated request',
    nullable: true,
  })
  declare readonly key: string | null;
  @Shows(TIME, { description: 'Not valid from then on; null for ever', nullable: true })
  declare readonly expires_at: string | null;
  @Shows(TIME, { description: 'When it was made' })
  declare readonly created_at: string;
  @Shows(KEY_RULES.requestsPerMinute, { description: 'Its own limit, when it was given one', optional: true })
  declare readonly requests_per_minute?: number;
}

/** A key, without its secret. */
export class KeyView {
  @Shows(UUID, { description: 'What the key is called in paths' })
  declare readonly id: string;
  @Shows(KEY_RULES.name, { description: 'Whose it is' })
  declare readonly name: string;
  @Shows(KEY_RULES.roles, { description: 'What it may do' })
  declare readonly roles: readonly Role[];
  @Shows({ type: 'string', enum: KEY_STATUSES }, { description: 'Whether it is valid' })
  declare readonly status: KeyStatus;
  @Shows(TIME, { description: 'When it was made' })
  declare readonly created_at: string;
  @Shows(TEXT, { description: 'Who made it; null when the service did', nullable: true })
  declare readonly created_by: string | null;
  @Shows(TIME, { description: 'Not valid from then on; null for ever', nullable: true })
  declare readonly expires_at: string | null;
  @Shows(TIME, { description: 'To the minute; null before its first use', nullable: true })
  declare readonly last_used_at: string | null;
  @Shows(KEY_RULES.requestsPerMinute, {
    description: "Its own limit, 0 for none; null where the service's counts",
    nullable: true,
  })
  declare readonly requests_per_minute: number | null;
  @Shows(TIME, { description: 'When it was revoked', nullable: true })
  declare readonly revoked_at: string | null;
  @Shows(TEXT, { description: 'Who revoked it', nullable: true })
  declare readonly revoked_by: string | null;
}

/** A page of keys. */
export class KeyList {
  @ShowsParts([KeyView], { description: 'The keys, in the order in which they were made' })
  declare readonly keys: readonly KeyView[];
  @ShowsParts(Page, { description: 'Which page this is' })
  declare readonly pagination: Page;
}
