import { Archive, type ArchiveStep, type Cancellation } from '@task/application';
import type { Retention } from '@task/domain';
import type { Lane } from '../lane';

const ALWAYS_WANTED: Cancellation = { aborted: false };

/** The archive of a database: its steps go through the lane, as every write does. */
export class TypeOrmArchive extends Archive {
  constructor(private readonly lane: Lane) {
    super();
  }

  override async step(retention: Retention, after: number, limit: number): Promise<ArchiveStep> {
    let done: ArchiveStep = { archived: 0, readTo: after, hasMore: false };
    const report = (step: ArchiveStep): void => {
      done = step;
    };
    await this.lane.submit({ kind: 'archive', retention, after, limit, report }, ALWAYS_WANTED);
    return done;
  }
}
