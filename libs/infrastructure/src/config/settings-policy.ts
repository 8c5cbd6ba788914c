import { Policy } from '@task/application';
import { TaskTypes, type RetryPolicy } from '@task/domain';
import { taskTypesIn, type TaskTypeTable } from '../task-types/task-type-table';
import type { Settings } from './settings-table';

const DAY_MS = 86_400_000;

/** The operator's rules, as the settings say them. */
export class SettingsPolicy extends Policy {
  private types: { readonly table: TaskTypeTable | null; readonly made: TaskTypes } | null = null;

  constructor(private readonly settings: Settings) {
    super();
  }

  get leaseMs(): number {
    return this.settings.leaseSeconds * 1000;
  }

  get workerTtlMs(): number {
    return this.settings.workerTtlSeconds * 1000;
  }

  get requireLeaseToken(): boolean {
    return this.settings.requireLeaseToken;
  }

  get maxWaiting(): number {
    return this.settings.maxQueueSize;
  }

  get maxMemoryShare(): number {
    return this.settings.maxMemoryShare;
  }

  get promptMatchThreshold(): number {
    return this.settings.promptMatchThreshold;
  }

  get promptMinWords(): number {
    return this.settings.promptMinWords;
  }

  get retry(): RetryPolicy {
    const { retryBaseSeconds, retryCapSeconds } = this.settings;
    return { baseMs: retryBaseSeconds * 1000, capMs: retryCapSeconds * 1000, random: Math.random };
  }

  get retentionMs(): number | null {
    const { retentionDays } = this.settings;
    return retentionDays === 0 ? null : retentionDays * DAY_MS;
  }

  /** Made anew only for another table: a schema takes long to compile. */
  get taskTypes(): TaskTypes {
    const { taskTypes: table } = this.settings;
    if (this.types?.table !== table) this.types = { table, made: new TaskTypes(taskTypesIn(table ?? {})) };
    return this.types.made;
  }
}
