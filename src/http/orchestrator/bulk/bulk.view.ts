import { COUNT, FLAG, Shows } from '../../shared/docs/shows';

/** What became of the tasks that match a filter. */
export class ChangedTasks {
  @Shows(COUNT, { description: 'Tasks that matched, and could be changed by their status, when it began' })
  declare readonly matched: number;
  @Shows(FLAG, { description: 'Whether counting them stopped at 10 000 for a status' })
  declare readonly matched_capped: boolean;
  @Shows(COUNT, { description: 'Tasks changed by this request' })
  declare readonly changed: number;
  @Shows(COUNT, { description: 'Tasks that could not be changed (any more)' })
  declare readonly skipped: number;
  @Shows(FLAG, { description: 'Whether some are left: the same request again goes on with them' })
  declare readonly has_more: boolean;
  @Shows(FLAG, { description: 'Whether nothing was to be changed' })
  declare readonly dry_run: boolean;
}
