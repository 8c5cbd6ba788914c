import { Policy } from '@task/application';
import type { RetryPolicy } from '@task/domain';
import type { Settings } from './settings-table';

/** The operator's rules, as the settings say them. */
export class SettingsPolicy extends Policy {
  constructor(private readonly settings: Settings) {
    super();
  }

  get leaseMs(): number {
    return this.settings.leaseSeconds * 1000;
  }

  get requireLeaseToken(): boolean {
    return this.settings.requireLeaseToken;
  }

  get maxWaiting(): number {
    return this.settings.maxQueueSize;
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
}
