import { Injectable } from '@nestjs/common';
import type { MetricDistribution, MetricFamily } from '@task/application';
import type { Metric, Registry } from 'prom-client';
import { onceItWorks } from '../shared/once-it-works';

type Package = typeof import('prom-client');
type Histogram = Extract<MetricFamily, { kind: 'histogram' }>;
type Figure = Exclude<MetricFamily, Histogram>;

/** Metrics, and what they are written in. */
export interface Exposition {
  readonly text: string;
  readonly contentType: string;
}

/**
 * Tells metrics as Prometheus reads them. Nothing is counted here: what a family has counted is read when somebody asks,
 * so that the service pays for its metrics by the scrape and not by the request. The package and what it measures of the
 * process take 16 MB and wake it a hundred times a second: not before somebody asks for the first time.
 */
@Injectable()
export class Prometheus {
  private readonly families: MetricFamily[] = [];
  private readonly registry = onceItWorks(() => registryOf(this.families));

  /** To be called before anybody asks. */
  add(families: readonly MetricFamily[]): void {
    this.families.push(...families);
  }

  async expose(): Promise<Exposition> {
    const registry = await this.registry();
    return { text: await registry.metrics(), contentType: registry.contentType };
  }
}

async function registryOf(families: readonly MetricFamily[]): Promise<Registry> {
  const prometheus = await import('prom-client');
  const registry = new prometheus.Registry();
  prometheus.collectDefaultMetrics({ register: registry });
  for (const family of families) {
    if (family.kind === 'histogram') registry.registerMetric(histogramOf(family));
    else registry.registerMetric(figureOf(prometheus, family));
  }
  return registry;
}

function figureOf({ Counter, Gauge }: Package, { kind, name, help, labels = [], read }: Figure): Metric {
  const options = { name, help, labelNames: [...labels], registers: [] };
  if (kind === 'counter') {
    return new Counter({
      ...options,
      async collect() {
        const samples = await read();
        this.reset();
        for (const { labels: of, value } of samples) this.inc(of, value);
      },
    });
  }
  return new Gauge({
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
