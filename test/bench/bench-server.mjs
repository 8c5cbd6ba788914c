import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cpuMsOf, memoryOf } from './process-figures.mjs';

const KEY = 'a-key-for-nothing-but-the-bench';
/** As the launcher starts it. */
const MEMORY_FLAGS = ['--max-semi-space-size=16', '--min-semi-space-size=4'];
const SAMPLE_MS = 100;

/** The built service as a process of its own, its log sent to /dev/null, and what the system says about that process. */
export class BenchServer {
  #child;
  #samples = [];
  #sampler;

  /** @param {Record<string, string>} env settings over those of every bench */
  static async start(folder, flags = [], env = {}) {
    const server = new BenchServer();
    server.#child = fork(join(import.meta.dirname, 'server.cjs'), [], {
      cwd: folder,
      execArgv: [...MEMORY_FLAGS, ...flags],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        PATH: process.env.PATH,
        SERVER_PORT: '0',
        TASK_MANAGER_PORT: '0',
        API_SECRET_KEY: KEY,
        RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
        RATE_LIMIT_BURST_SIZE: '0',
        ...env,
      },
    });
    const ended = once(server.#child, 'exit').then(() =>
      Promise.reject(new Error('the server did not start')),
    );
    const [{ url, taskManagerUrl, database }] = await Promise.race([once(server.#child, 'message'), ended]);
    ended.catch(() => undefined);
    server.#watchMemory();
    return Object.assign(server, { url, taskManagerUrl, database, idle: server.memory() });
  }

  headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

  ask(path) {
    return this.send('GET', path);
  }

  async send(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: this.headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()).data;
  }

  /** Processor time used so far, ms; null where the system does not tell. */
  cpuMs() {
    return cpuMsOf(this.#child.pid);
  }

  /** Memory now, MB; null where the system does not tell. */
  memory() {
    return memoryOf(this.#child.pid);
  }

  /** The most memory that was seen since it was last asked for, MB. */
  takePeakMemory() {
    const most = (name) => Math.max(...this.#samples.map((sample) => sample[name]));
    const peak = { peak_rss_mb: most('rss_mb'), peak_rss_anon_mb: most('rss_anon_mb') };
    this.#samples = [];
    return Number.isFinite(peak.peak_rss_mb) ? peak : {};
  }

  #watchMemory() {
    const sample = () => {
      const memory = this.memory();
      if (memory !== null) this.#samples.push(memory);
    };
    this.#sampler = setInterval(sample, SAMPLE_MS);
    this.#sampler.unref();
  }

  async stop() {
    clearInterval(this.#sampler);
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
