import { AUDIT_ACTIONS, type AuditAction } from '@task/application';
import { instant, oneOf, printable } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { CursorOfPage, RowsOfPage } from '../dto/page-fields';

/** Which entries of the audit log to read. */
export class AuditQuery {
  @Field(printable({ min: 1, max: 100 }), {
    description: 'Name of the key with which it was done',
    example: 'admin',
  })
  declare readonly actor?: string;

  @Field(oneOf(AUDIT_ACTIONS), { description: 'What was done', example: 'key.create' })
  declare readonly action?: AuditAction;

  @Field(instant(), { description: 'Written down then or later', example: '2025-08-18T00:00:00Z' })
  declare readonly after?: string;

  @Field(instant(), { description: 'Written down before', example: '2025-08-19T00:00:00Z' })
  declare readonly before?: string;

  @RowsOfPage()
  declare readonly limit?: number;

  @CursorOfPage({ more: ', with the same filters', example: 'WzQyMTUzLDE3NTU1MTEyMDAwMDAsNDFd' })
  declare readonly cursor?: string;
}
