import { Controller, Get, Query } from '@nestjs/common';
import { ReadAudit, type AuditEntry, type AuditFilter } from '@task/application';
import { instantOf } from '@task/domain';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { DEFAULT_LIMIT } from '../dto/page-fields';
import { success, type Success } from '../envelope';
import { iso } from '../../shared/views/format';
import { READ_AUDIT } from './audit-docs';
import { AuditQuery } from './audit.query';
import type { AuditEntryView, AuditList } from './audit.views';

/** Who did what. */
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly readAudit: ReadAudit) {}

  @Get()
  @Needs('admin')
  @Endpoint(READ_AUDIT)
  async read(@Query() query: AuditQuery): Promise<Success<AuditList>> {
    const { limit = DEFAULT_LIMIT, cursor } = query;
    const { entries, nextCursor } = await this.readAudit.execute({ filter: filterOf(query), limit, cursor });
    const pagination = {
      limit,
      has_more: nextCursor !== null,
      ...(nextCursor !== null && { next_cursor: nextCursor }),
    };
    return success({ entries: entries.map(entryView), pagination });
  }
}

function filterOf({ actor, action, ...times }: AuditQuery): AuditFilter {
  const after = timeOf(times.after);
  const before = timeOf(times.before);
  return {
    ...(actor !== undefined && { actor }),
    ...(action !== undefined && { action }),
    ...(after !== null && { after }),
    ...(before !== null && { before }),
  };
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : instantOf(text);
}

function entryView({ id, at, requestId, ...entry }: AuditEntry): AuditEntryView {
  const { actor, action, outcome, target, address, count, details } = entry;
  return { id, at: iso(at), actor, action, outcome, target, address, request_id: requestId, count, details };
}
