import {
  Statistics,
  type KindFilter,
  type Moment,
  type Span,
  type TaskCount,
  type TypeCount,
} from '@task/application';

/** Counts that a test makes up, and what was asked of them. */
export class KnownTypes extends Statistics {
  readonly asked: KindFilter[] = [];
  readonly spans: Span[] = [];
  /** Thrown in place of the next answer. */
  failure: Error | null = null;

  constructor(
    public known: readonly TypeCount[] = [],
    private readonly happened: readonly Moment[] = [],
  ) {
    super();
  }

  override async types(filter: KindFilter): Promise<readonly TypeCount[]> {
    this.asked.push(filter);
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
    return this.known.filter(({ taskType }) => filter.taskType === undefined || filter.taskType === taskType);
  }

  override async moments(_unit: 'minute' | 'hour', span: Span): Promise<readonly Moment[]> {
    this.spans.push(span);
    return this.happened.filter(({ at }) => at >= span.from && at < span.to);
  }

  override async counts(): Promise<readonly TaskCount[]> {
    return [];
  }

  override async durationsWithin(): Promise<readonly []> {
    return [];
  }

  override async durationsOf(): Promise<readonly []> {
    return [];
  }

  override async claimableSince(): Promise<null> {
    return null;
  }
}

/** The tasks of one type. */
export function typeCount(taskType: string, tasks: Partial<TypeCount['tasks']>, processingMs = 0): TypeCount {
  const none = { waiting: 0, working: 0, completed: 0, failed: 0, cancelled: 0 };
  return { taskType, tasks: { ...none, ...tasks }, processingMs };
}
