import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cpuMsOf, memoryOf } from './process-figures.mjs';

const LAUNCHER = join(import.meta.dirname, '../../bin/task-orchestrator.js');
const KEY = 'a-key-for-nothing-but-the-bench';

/** The service as a user starts it: by its launcher, with what that makes of it. */
export class Product {
  #child;
  #leave = () => this.#child.kill('SIGKILL');

  /** @param {string} folder its working directory @param {Record<string, string>} [env] settings @param {string[]} [flags] of Node */
  static async start(folder, env = {}, flags = []) {
    mkdirSync(folder, { recursive: true });
    const product = new Product();
    const begun = performance.now();
    product.#child = spawn(process.execPath, [...flags, LAUNCHER, 'serve'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SERVER_PORT: '0',
        TASK_MANAGER_PORT: '0',
        LOG_FORMAT: 'json',
        API_SECRET_KEY: KEY,
        RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
        RATE_LIMIT_BURST_SIZE: '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Whatever ends the bench, no service is left behind.
    process.once('exit', product.#leave);
    const { url, database } = await product.#ready();
    const start = { ready_ms: performance.now() - begun, cpu_ms: product.cpuMs() };
    return Object.assign(product, { url, database, start });
  }

  /** Has it do one thing, until it ends. */
  static async run(folder, ...args) {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}`);
  }

  headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

  cpuMs() {
    return cpuMsOf(this.#child.pid);
  }

  memory() {
    return memoryOf(this.#child.pid);
  }

  stop() {
    return this.#end('SIGTERM');
  }

  /** As a crash ends it: nothing is finished, closed or written. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** Settles when it says that requests can be sent. */
  async untilReady() {
    while ((await fetch(`${this.url}/health/ready`)).status !== 200) await new Promise(setImmediate);
  }

  async #end(signal) {
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
    process.off('exit', this.#leave);
  }

  async #ready() {
    for await (const line of createInterface({ input: this.#child.stdout })) {
      const entry = JSON.parse(line);
      if (entry.msg !== 'ready') continue;
      this.#child.stdout.resume();
      return entry;
    }
    throw new Error('the service ended at its start');
  }
}
