import type { Buckets } from './buckets';

/** What tells samples of one metric apart: few, and each with few values, whatever callers send. */
export type MetricLabels = Readonly<Record<string, string>>;

/** One figure. */
export interface MetricSample {
  readonly labels: MetricLabels;
  readonly value: number;
}

/** One distribution. */
export interface MetricDistribution {
  readonly labels: MetricLabels;
  readonly buckets: Buckets;
}

/**
 * What is measured, and told when somebody asks. Counters and histograms count what this process did since it started;
 * gauges tell what is so now.
 */
export type MetricFamily = {
  readonly name: string;
  readonly help: string;
  /** The labels that its samples have. */
  readonly labels?: readonly string[];
} & (
  | {
      readonly kind: 'counter' | 'gauge';
      /** None when it is not known just now. */
      readonly read: () => readonly MetricSample[] | Promise<readonly MetricSample[]>;
    }
  | { readonly kind: 'histogram'; readonly read: () => readonly MetricDistribution[] }
);

/** One figure that nothing has to be told apart of. */
export function only(value: number): readonly MetricSample[] {
  return [{ labels: {}, value }];
}
