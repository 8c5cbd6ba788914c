import type { ChangeManyInput } from '@task/application';
import { Refusal } from '../../shared/failures/refusal';
import { filterOf } from '../to-input';
import type { BulkBody } from './bulk.bodies';

/** Which tasks a body means. @throws Refusal of one that names no filter and does not say that it means all */
export function bulkInputOf(body: BulkBody): ChangeManyInput {
  const { all = false, dry_run: dryRun = false, tags } = body;
  const filter = filterOf(body, tags);
  if (Object.keys(filter).length === 0 && !all) {
    throw Refusal.ofField('all', 'required', { unless: 'a filter is given' });
  }
  return { filter, dryRun };
}
