import { createInterface } from 'node:readline';

/** What a process of Node holds, once what nobody needs any more is gone. */
export class HeapOf {
  #url;
  #socket;
  #count = 0;
  #asked = new Map();

  /** @param {import('node:stream').Readable} errors of a process that is started with `--inspect=127.0.0.1:0` */
  constructor(errors) {
    createInterface({ input: errors }).on('line', (line) => {
      const [, url] = /^Debugger listening on (ws:\S+)/.exec(line) ?? [];
      // The launcher says it first, and then the service that it becomes.
      if (url !== undefined) this.#url = url;
    });
  }

  /** To be called when the process is ready. */
  async open() {
    this.#socket = new WebSocket(this.#url);
    this.#socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(data)));
    await new Promise((resolve, reject) => {
      this.#socket.addEventListener('open', resolve, { once: true });
      this.#socket.addEventListener('error', reject, { once: true });
    });
  }

  /** MB. The process stands still meanwhile. */
  async usedMb() {
    await this.#ask('HeapProfiler.collectGarbage');
    const { usedSize } = await this.#ask('Runtime.getHeapUsage');
    return usedSize / 1024 / 1024;
  }

  close() {
    this.#socket?.close();
  }

  #ask(method) {
    const id = (this.#count += 1);
    this.#socket.send(JSON.stringify({ id, method }));
    return new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject }));
  }

  #take({ id, result, error }) {
    const { resolve, reject } = this.#asked.get(id) ?? {};
    this.#asked.delete(id);
    if (error === undefined) resolve?.(result);
    else reject?.(new Error(error.message));
  }
}
