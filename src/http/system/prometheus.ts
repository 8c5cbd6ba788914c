import { Injectable } from '@nestjs/common';
import type { MetricDistribution, MetricFamily } from '@task/application';
import { collectDefaultMetrics, Counter, Gauge, Registry, type Metric } from 'prom-client';

type Histogram = Extract<MetricFamily, { kind: 'histogram' }>;
type Figure = Exclude<MetricFamily, Histogram>;

/**
 * Tells metrics as Prometheus reads them. Nothing is counted here: what a family has counted is read when somebody asks,
 * so that the service pays for its metrics by the scrape and not by the request.
 */
@Injectable()
export class Prometheus {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** What {@link text} is written in. */
  get contentType(): string {
    return this.registry.contentType;
  }

  add(families: readonly MetricFamily[]): void {
    for (const family of families) {
      if (family.kind === 'histogram') this.registry.registerMetric(histogramOf(family));
      else this.addFigure(family);
    }
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private addFigure({ kind, name, help, labels = [], read }: Figure): void {
    const options = { name, help, labelNames: [...labels], registers: [this.registry] };
    if (kind === 'counter') {
      new Counter({
        ...options,
        async collect() {
          const samples = await read();
          this.reset();
          for (const { labels: of, value } of samples) this.inc(of, value);
        },
      });
    } else {
      new Gauge({
        ...options,
        async collect() {
          const samples = await read();
          this.reset();
          // Without labels it would be 0, which is another thing than unknown.
          if (samples.length === 0) this.remove({});
          for (const { labels: of, value } of samples) this.set(of, value);
        },
      });
    }
  }
}

/** The package has no histogram that is read from elsewhere; its registry asks a metric for nothing but this. */
function histogramOf({ name, help, read }: Histogram): Metric {
  const metric = {
    name,
    get: () => Promise.resolve({ name, help, type: 'histogram', values: read().flatMap(linesOf(name)) }),
  };
  return metric as unknown as Metric;
}

function linesOf(name: string): (distribution: MetricDistribution) => readonly object[] {
  return ({ labels, buckets }) => [
    ...[...buckets.cumulated(), { bound: Infinity, count: buckets.count }].map(({ bound, count }) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: bound === Infinity ? '+Inf' : bound },
      value: count,
    })),
    { metricName: `${name}_sum`, labels, value: buckets.sum },
    { metricName: `${name}_count`, labels, value: buckets.count },
  ];
}
