import { send } from './load.mjs';

const DIRECTORIES = Array.from({ length: 10 }, (_, index) => `/srv/bench/project-${index}`);
const GETS = 500;
const TASKS = '/api/v1/tasks';

const creation = (path) => (work_directory) => ({
  method: 'POST',
  path,
  body: JSON.stringify({
    work_directory,
    prompt:
      'Find the slowest query of this service, say why it is slow, and propose an index or a rewrite of it.',
    priority: 'medium',
    tags: ['performance', 'database'],
  }),
});
const creations = DIRECTORIES.map(creation(TASKS));

/** What is measured, and the tasks that it needs: enough must wait or be held before each measurement. */
export class Workloads {
  #server;
  #held = [];
  #ids = [];
  #ranOut = null;

  constructor(server) {
    this.#server = server;
  }

  noop = () => ({ requests: DIRECTORIES.map(creation('/bench/noop')) });

  create = () => ({ requests: creations });

  async claim(most) {
    await this.#ensureWaiting(most);
    return { requests: DIRECTORIES.map((path) => this.#claiming(path)), check: this.#check };
  }

  async complete(most) {
    await this.#ensureHeld(most);
    return { requests: [this.#completing(() => this.#held.pop())], check: this.#check };
  }

  /** Claim, then complete what was claimed: two requests. */
  async claimAndComplete(most) {
    await this.#ensureWaiting(most);
    const pairs = DIRECTORIES.flatMap((path) => [
      this.#claiming(path, (task, context) => (context.task = task)),
      this.#completing((context) => context.task),
    ]);
    return { requests: pairs, size: 2, check: this.#check };
  }

  get = () => ({
    requests: this.#ids.slice(0, GETS).map((id) => ({ method: 'GET', path: `${TASKS}/${id}` })),
  });

  list = () => ({ requests: [{ method: 'GET', path: TASKS }] });

  listOf20 = () => ({ requests: [{ method: 'GET', path: `${TASKS}?limit=20` }] });

  #claiming(workPath, keep = (task) => this.#held.push(task)) {
    return {
      method: 'GET',
      path: `${TASKS}/next?work_path=${workPath}&worker_id=worker-1`,
      onResponse: (_status, body, context) => {
        const { data } = JSON.parse(body);
        if (data === null) this.#ranOut = `nothing was left to claim in ${workPath}`;
        else {
          if (this.#ids.length < GETS) this.#ids.push(data.task_id);
          keep({ id: data.task_id, token: data.lease_token }, context);
        }
      },
    };
  }

  #completing(next) {
    return {
      method: 'POST',
      setupRequest: (request, context) => {
        const task = next(context);
        if (task === undefined) {
          this.#ranOut = 'nothing was left to complete';
          return { ...request, method: 'GET', path: '/health/live' };
        }
        const body = JSON.stringify({
          lease_token: task.token,
          result: { status: 'success', output: 'Added an index.' },
        });
        return { ...request, path: `${TASKS}/${task.id}/complete`, body };
      },
    };
  }

  #check = () => {
    if (this.#ranOut !== null) throw new Error(this.#ranOut);
  };

  async #ensureWaiting(count) {
    const { pagination } = await this.#server.ask(`${TASKS}?status=waiting&limit=1`);
    if (pagination.total < count) await send(this.#server, creations, count - pagination.total);
  }

  async #ensureHeld(count) {
    const missing = count - this.#held.length;
    if (missing <= 0) return;
    await this.#ensureWaiting(missing * 1.1);
    await send(
      this.#server,
      DIRECTORIES.map((path) => this.#claiming(path)),
      missing,
    );
  }
}
