import type { EndpointDoc } from '../../shared/docs/endpoint';
import { answers, fails } from '../docs/envelope-docs';
import { ALWAYS_POSSIBLE, needsRole, UNKNOWN_FIELD } from '../docs/failure-examples';
import { AuditList, type AuditEntryView } from './audit.views';

const ENTRIES: readonly AuditEntryView[] = [
  {
    ...{ id: 42, at: '2025-08-18T10:05:00.000Z', actor: null, action: 'access.refused', outcome: 'refused' },
    ...{ target: 'GET /api/v1/tasks', address: '192.0.2.7' },
    request_id: '4f8d7a52-1c1e-4d55-9d3e-2f1f0a7b6c3d',
    count: 17,
    details: {
      reason: 'unauthorized',
      since: '2025-08-18T10:04:02.000Z',
      until: '2025-08-18T10:04:59.000Z',
    },
  },
  {
    ...{ id: 41, at: '2025-08-18T10:00:00.000Z', actor: 'admin', action: 'key.create', outcome: 'done' },
    ...{ target: 'f1b8a1a2-7f0e-4d52-8a53-6a6a3c1d9e10', address: '192.0.2.1' },
    ...{ request_id: 'c0ffee', count: 1, details: { name: 'ci-pipeline', roles: ['producer'] } },
  },
];

/** GET /api/v1/audit */
export const READ_AUDIT: EndpointDoc = {
  id: 'readAudit',
  tag: 'audit',
  summary: 'Read the audit log',
  description:
    'Who did which sensitive thing: keys made and revoked, the configuration changed, tasks cancelled, many changed at once, and access refused. Refusals alike of one address are one entry a minute.',
  answers: () => [
    answers(200, AuditList, {
      page: { entries: ENTRIES, pagination: { limit: 2, has_more: true, next_cursor: 'WzQyMTUzLDQxXQ' } },
      last_page: { entries: [], pagination: { limit: 100, has_more: false } },
    }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('admin'), ...UNKNOWN_FIELD }),
  ],
};
