import { median } from './figures.mjs';

const SAMPLE_MS = 1000;

/** The memory of a server from now on, looked at every second. */
export class MemoryWatch {
  samples = [];

  constructor(product) {
    this.timer = setInterval(() => this.samples.push(product.memory()), SAMPLE_MS);
  }

  end() {
    clearInterval(this.timer);
    const of = (figure) => this.samples.map((sample) => sample[figure]);
    const most = { rss_mb: Math.max(...of('rss_mb')), rss_anon_mb: Math.max(...of('rss_anon_mb')) };
    const usual = { rss_mb: median(of('rss_mb')), rss_anon_mb: median(of('rss_anon_mb')) };
    return { most, usual };
  }
}
