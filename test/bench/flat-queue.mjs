import { Client } from './client.mjs';
import { fillMixed } from './mixed-queue.mjs';
import { Product } from './product.mjs';
import { sizesOf } from './scratch.mjs';
import { atPace } from './steady-pace.mjs';

/** Tasks in the queue that the long one is compared with. */
export const SHORT = 10_000;
export const CLAIMS_PER_SECOND = 20;
const CLAIMERS = 8;
const LEAST_READS = 12;
const RECENT_EVENTS = 2000;
const LONGEST_READ_MS = 30_000;
const DAY_MS = 86_400_000;
/** Of what there are not as many as there are tasks. */
const OTHERS = 20;

/** A service on a queue of so many tasks, one reader, and somebody who claims and gives back. */
export class FlatQueue {
  #cursors = new Map();
  #ids = {};

  /** @param {import('./postgres.mjs').BenchPostgres} [postgres] in place of SQLite */
  static async open(folder, tasks, postgres) {
    const path = await fillMixed(folder, tasks);
    const url = await postgres?.createDatabase();
    if (url !== undefined)
      await Product.run(folder, 'migrate-data', '--from', `sqlite:///${path}`, '--to', url);
    const product = await Product.start(folder, url === undefined ? {} : { DATABASE_URL: url });
    const bytes = () => (url === undefined ? sizesOf(path).file_bytes : postgres.bytesOf(url));
    const queue = Object.assign(new FlatQueue(), { tasks, product, bytes });
    queue.reader = new Client(product, 1);
    queue.claimers = new Client(product, CLAIMERS);
    await queue.#addOthers();
    await queue.#findIds();
    queue.place = await queue.#findPlace();
    return queue;
  }

  async #addOthers() {
    for (let number = 0; number < OTHERS; number += 1) {
      const task = { work_directory: '/srv/queue/nightly', prompt: 'Look whether everything is well.' };
      const schedule = { name: `nightly-${number}`, cron: '0 3 * * *', time_zone: 'UTC', task };
      const made = await this.reader.ask('POST', '/api/v1/schedules', schedule);
      this.schedule = made.schedule_id;
      await this.reader.ask('POST', '/api/v1/keys', { name: `reader-${number}`, roles: ['reader'] });
    }
  }

  async #findIds() {
    for (const status of ['waiting', 'working', 'completed']) {
      this.#ids[status] = (await this.#list(`status=${status}&limit=100`)).map(({ task_id: id }) => id);
    }
    const line = 'status=waiting&limit=1&sort_order';
    this.#ids.first = (await this.#list(`${line}=asc`)).map(({ task_id: id }) => id);
    this.#ids.last = (await this.#list(`status=waiting&priority=low&limit=100`)).map(({ task_id: id }) => id);
  }

  /** A place in the log of events that is not long ago. */
  async #findPlace() {
    const task = { work_directory: '/srv/queue/rare', prompt: 'Look whether everything is well.' };
    const { task_id } = await this.reader.ask('POST', '/api/v1/tasks', task);
    const { history } = await this.reader.ask('GET', `/api/v1/tasks/${task_id}/history`);
    return history[0].event_id - RECENT_EVENTS;
  }

  async #list(query) {
    return (await this.reader.ask('GET', `/api/v1/tasks?${query}`)).tasks;
  }

  /** Where a case's requests go, one after the other. @returns {Promise<(count: number) => string>} */
  async targetOf({ operation, path = {}, query = '' }) {
    const template = `${operation.replace('GET ', '')}${query === '' ? '' : `?${query}`}`;
    const parts = Object.entries(path).reduce(
      (text, [name, value]) => text.replace(`{${name}}`, value),
      template,
    );
    const timed = parts.replace(/\{day:(-?\d+)\}/g, (_all, days) => dayAt(Number(days)));
    const placed = timed.replace('{schedule}', this.schedule).replace('{recent}', this.place);
    const withCursor = placed.includes('{cursor}') ? await this.#withCursor(placed) : placed;
    return (count) => this.#withId(withCursor, count);
  }

  #withId(target, count) {
    return target.replace(
      /\{id:(\w+)\}/,
      (_all, status) => this.#ids[status][count % this.#ids[status].length],
    );
  }

  /** The page behind the middle of the short queue, or behind the first page of what is not as long. */
  async #withCursor(target) {
    if (!this.#cursors.has(target)) {
      const first = this.#withId(target, 0).replace(/&?cursor=\{cursor\}/, '');
      const from = first.startsWith('/api/v1/tasks?') ? `&offset=${SHORT / 4}` : '';
      const data = await this.reader.ask('GET', `${first}${from}`);
      const cursor = data.pagination?.next_cursor ?? data.next_cursor;
      if (typeof cursor !== 'string')
        throw new Error(`${first} has no second page: ${JSON.stringify(data).slice(0, 300)}`);
      this.#cursors.set(target, cursor);
    }
    return target.replace('{cursor}', this.#cursors.get(target));
  }

  /** Reads one after the other for so long, and some at least. @returns ms of each */
  async readFor(targetOf, { events }, ms) {
    const latencies = [];
    const end = performance.now() + ms;
    while (performance.now() < end || latencies.length < LEAST_READS) {
      const target = targetOf(latencies.length);
      const begun = performance.now();
      if (events !== undefined) await this.#follow(target, events);
      else await this.reader.send('GET', target);
      latencies.push(performance.now() - begun);
    }
    return latencies;
  }

  /** Until so many events came. @throws where they do not come for long */
  async #follow(target, events) {
    const { url, headers } = this.product;
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(LONGEST_READ_MS)]);
    const response = await fetch(url + target, { headers, signal });
    if (response.status !== 200) throw new Error(`${target}: ${response.status}`);
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.split('\ndata:').length > events) break;
    }
    stop.abort();
  }

  /** Claims at a steady pace, and gives back what it got. @returns ms of each, from when it was due */
  claimFor(ms) {
    return atPace({ perSecond: CLAIMS_PER_SECOND, ms }, (due) => this.#claim(due));
  }

  async #claim(due) {
    const [task] = (await this.claimers.ask('POST', '/api/v1/tasks/claim', { limit: 1 })).tasks;
    const ms = performance.now() - due;
    const proof = { lease_token: task.lease_token };
    await this.claimers.ask('POST', `/api/v1/tasks/${task.task_id}/release`, proof);
    return ms;
  }

  async close() {
    this.reader.close();
    this.claimers.close();
    await this.product.stop();
  }
}

const dayAt = (days) => new Date(Date.now() + days * DAY_MS).toISOString();
