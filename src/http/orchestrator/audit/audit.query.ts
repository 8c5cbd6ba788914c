import { AUDIT_ACTIONS, type AuditAction } from '@task/application';
import { instant, oneOf, printable, wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { DEFAULT_LIMIT } from '../dto/list-tasks.query';

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

  @Field(wholeNumber({ min: 1, max: 1000 }), {
    description: 'Rows of a page',
    example: 10,
    byDefault: DEFAULT_LIMIT,
  })
  declare readonly limit?: number;

  @Field(printable({ min: 1, max: 1000 }), {
    description: '`next_cursor` of the page before, with the same filters',
    example: 'WzQyMTUzLDE3NTU1MTEyMDAwMDAsNDFd',
  })
  declare readonly cursor?: string;
}
