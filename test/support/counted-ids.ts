import { Ids } from '@task/application';

/** Ids that tell in which order they were given: well-formed, and the same in every run. */
export class CountedIds extends Ids {
  private tasks = 0;
  private tokens = 0;

  override taskId(): string {
    this.tasks += 1;
    return uuid(this.tasks);
  }

  override leaseToken(): string {
    this.tokens += 1;
    return `token-${this.tokens}`;
  }
}

/** The UUID v4 that stands for a number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
