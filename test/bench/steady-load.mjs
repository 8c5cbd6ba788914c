import { Client } from './client.mjs';
import { latencyFigures } from './figures.mjs';
import { atPace } from './steady-pace.mjs';

const CONNECTIONS = 100;
const TASKS = '/api/v1/tasks';
/** Where its tasks are. */
export const DIRECTORIES = Array.from({ length: 20 }, (_, index) => `/srv/projects/${index}`);
/** What they ask for. */
export const PROMPT =
  'Find the slowest query of this service, say why it is slow, and propose an index or a rewrite of it.';

const TURNS = ['create', 'claim', 'get', 'list', 'complete'];

/**
 * Requests at a steady pace, however long the answers take: creations, claims, completions, single tasks and lists in
 * turn; while nothing is held, a claim in place of a completion, and while nothing is made, a list in place of a task. A
 * latency begins when the request was due, so that no answer hides what waited behind it.
 */
export class SteadyLoad {
  #latencies = {};
  #errors = {};
  #lateness = [];
  #failures = new Map();
  #held = [];
  #lastId = null;
  #acts = {
    create: () => this.#create(),
    claim: () => this.#claim(),
    get: () => this.#send('GET', `${TASKS}/${this.#lastId}`),
    list: () => this.#send('GET', `${TASKS}?limit=20`),
    complete: () => this.#complete(),
  };

  /** @param {{ url: string, headers: object }} server */
  constructor(server) {
    this.client = new Client(server, CONNECTIONS);
  }

  /** @param {{ seconds: number, perSecond: number }} pace */
  async run({ seconds, perSecond }) {
    await atPace({ perSecond, ms: seconds * 1000 }, (due, count) => this.#step(due, count));
    this.client.close();
    return {
      failures: Object.fromEntries(this.#failures),
      routes: Object.fromEntries(
        Object.entries(this.#latencies).map(([name, all]) => [
          name,
          { count: all.length, errors: this.#errors[name] ?? 0, ...latencyFigures(all) },
        ]),
      ),
      sent_late_ms: latencyFigures(this.#lateness),
    };
  }

  async #step(due, count) {
    const name = this.#possible(TURNS[count % TURNS.length]);
    this.#lateness.push(performance.now() - due);
    try {
      await this.#acts[name]();
      (this.#latencies[name] ??= []).push(performance.now() - due);
    } catch (error) {
      this.#errors[name] = (this.#errors[name] ?? 0) + 1;
      this.#failures.set(error.message, (this.#failures.get(error.message) ?? 0) + 1);
    }
  }

  /** What is recorded is what is done. */
  #possible(name) {
    if (name === 'complete' && this.#held.length === 0) return 'claim';
    if (name === 'get' && this.#lastId === null) return 'list';
    return name;
  }

  async #create() {
    const { task_id } = await this.#send('POST', TASKS, { work_directory: anyDirectory(), prompt: PROMPT });
    this.#lastId = task_id;
  }

  async #claim() {
    const task = await this.#send('GET', `${TASKS}/next?work_path=${anyDirectory()}&worker_id=worker-1`);
    if (task === null) throw new Error('nothing was left to claim');
    this.#held.push(task);
  }

  #complete() {
    const task = this.#held.shift();
    const result = { status: 'success', output: 'Added an index.' };
    return this.#send('POST', `${TASKS}/${task.task_id}/complete`, { lease_token: task.lease_token, result });
  }

  #send(method, path, body) {
    return this.client.ask(method, path, body);
  }
}

/** What a seeded task has of its own, so that this load finds it. */
export function inTheirDirectories(number) {
  return { workDirectory: DIRECTORIES[number % DIRECTORIES.length], prompt: PROMPT };
}

const anyDirectory = () => DIRECTORIES[Math.floor(Math.random() * DIRECTORIES.length)];
