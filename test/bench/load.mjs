import autocannon from 'autocannon';
import { latencyFigures } from './figures.mjs';

export const CONNECTIONS = 100;
/** Longer than anything that is measured: the end is told, not waited for. */
const ENDLESS_SECONDS = 3600;

/**
 * Keeps a server busy on 100 connections, each with one request at a time, and measures once it is warm.
 *
 * @param {import('./bench-server.mjs').BenchServer} server
 * @param {{ requests: object[], size?: number, check?: () => void }} work
 *   requests in the form of autocannon; `size` of them make up one unit of work; `check` throws when the work ran out
 * @param {{ warmUpMs: number, measureMs: number }} times
 */
export async function measure(server, { requests, size = 1, check }, { warmUpMs, measureMs }) {
  const units = new Units(size);
  const load = autocannon({ ...optionsFor(server, requests), duration: ENDLESS_SECONDS });
  load.on('response', (client, status, _bytes, ms) => units.add(client, status, ms));
  await pause(warmUpMs);
  const begun = { at: performance.now(), cpuMs: server.cpuMs(), ownCpu: process.cpuUsage() };
  server.takePeakMemory();
  units.begin();
  await pause(measureMs);
  const latencies = units.end();
  const elapsedMs = performance.now() - begun.at;
  const cpuMs = (server.cpuMs() ?? Number.NaN) - begun.cpuMs;
  const own = process.cpuUsage(begun.ownCpu);
  const peak = server.takePeakMemory();
  load.stop();
  await load;
  check?.();
  units.requireSuccess();
  return {
    per_second: (latencies.length * 1000) / elapsedMs,
    requests_per_second: (latencies.length * size * 1000) / elapsedMs,
    ...latencyFigures(latencies),
    server_cpu_us: (cpuMs * 1000) / (latencies.length * size),
    ...peak,
    load_cpu_share: (own.user + own.system) / 1000 / elapsedMs,
  };
}

/** Sends so many requests, unmeasured. */
export async function send(server, requests, amount) {
  const connections = Math.min(CONNECTIONS, amount);
  const { non2xx, errors } = await autocannon({ ...optionsFor(server, requests), connections, amount });
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} of ${amount} requests went wrong`);
}

function optionsFor({ url, headers }, requests) {
  return { url, headers, requests, connections: CONNECTIONS, sampleInt: 100, timeout: 60 };
}

/** Latencies of what each connection does, one unit of one or several requests after the other. */
class Units {
  #open = new Map();
  #latencies = [];
  #isMeasuring = false;
  #failures = new Map();

  constructor(size) {
    this.size = size;
  }

  add(client, status, ms) {
    if (status < 200 || status > 299) this.#failures.set(status, (this.#failures.get(status) ?? 0) + 1);
    const { count = 0, sum = 0 } = this.#open.get(client) ?? {};
    if (count + 1 < this.size) {
      this.#open.set(client, { count: count + 1, sum: sum + ms });
      return;
    }
    this.#open.delete(client);
    if (this.#isMeasuring) this.#latencies.push(sum + ms);
  }

  begin() {
    this.#isMeasuring = true;
  }

  end() {
    this.#isMeasuring = false;
    return this.#latencies;
  }

  requireSuccess() {
    const failures = [...this.#failures].map(([status, count]) => `${count} times ${status}`);
    if (failures.length > 0) throw new Error(`requests went wrong: ${failures.join(', ')}`);
    if (this.#latencies.length === 0) throw new Error('nothing was answered');
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
