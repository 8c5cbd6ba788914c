import { Injectable } from '@nestjs/common';

const SHORTEST_MS = 500;

/** How busy the process is. */
@Injectable()
export class CpuMeter {
  private at = performance.now() - process.uptime() * 1000;
  private used = { user: 0, system: 0 };
  private latest = 0;

  /** Percent of one processor since it was last asked, with one decimal; of a moment ago when that was just now. */
  percent(): number {
    const now = performance.now();
    const elapsedMs = now - this.at;
    if (elapsedMs < SHORTEST_MS) return this.latest;
    const spent = process.cpuUsage();
    const usedMs = (spent.user - this.used.user + spent.system - this.used.system) / 1000;
    this.at = now;
    this.used = spent;
    this.latest = Math.round((usedMs / elapsedMs) * 1000) / 10;
    return this.latest;
  }
}
