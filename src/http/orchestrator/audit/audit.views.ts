import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction, type AuditOutcome } from '@task/application';
import { COUNT, FLAG, Shows, ShowsParts, TEXT, TIME } from '../../shared/docs/shows';

/** Something that somebody did, or was refused. */
export class AuditEntryView {
  @Shows(COUNT, { description: 'Rises with every entry' })
  declare readonly id: number;
  @Shows(TIME, { description: 'When it was written down' })
  declare readonly at: string;
  @Shows(TEXT, {
    description: 'Name of the key with which it was done; null without a valid one',
    nullable: true,
  })
  declare readonly actor: string | null;
  @Shows({ type: 'string', enum: AUDIT_ACTIONS }, { description: 'What was done' })
  declare readonly action: AuditAction;
  @Shows({ type: 'string', enum: AUDIT_OUTCOMES }, { description: 'Whether it was done or refused' })
  declare readonly outcome: AuditOutcome;
  @Shows(TEXT, {
    description: 'To what: the id of a task or a key; of refused access the route',
    nullable: true,
  })
  declare readonly target: string | null;
  @Shows(TEXT, { description: 'Address of the client; null at the operator’s own door', nullable: true })
  declare readonly address: string | null;
  @Shows(TEXT, { description: '`X-Request-ID` of the answer', nullable: true })
  declare readonly request_id: string | null;
  @Shows(COUNT, { description: 'How many refusals alike this entry stands for; otherwise 1' })
  declare readonly count: number;
  @Shows({ type: 'object' }, { description: 'More about it: names and figures, never a secret' })
  declare readonly details: object;
}

/** Which page of the audit log this is. */
export class AuditPageView {
  @Shows(COUNT, { description: 'Rows of a page' })
  declare readonly limit: number;
  @Shows(FLAG, { description: 'Whether there are older entries' })
  declare readonly has_more: boolean;
  @Shows(TEXT, { description: 'Continues behind this page; absent on the last', optional: true })
  declare readonly next_cursor?: string;
}

/** A page of the audit log. */
export class AuditList {
  @ShowsParts([AuditEntryView], { description: 'The entries, the latest first' })
  declare readonly entries: readonly AuditEntryView[];
  @ShowsParts(AuditPageView, { description: 'Which page this is' })
  declare readonly pagination: AuditPageView;
}
