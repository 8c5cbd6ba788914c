import { ApiClient, type ApiTask } from '../support/api-client';

/** Whoever works properly is answered within this, whatever others do. */
const LIMIT_MS = 10_000;
const DIRECTORY = '/srv/good';

/**
 * Works properly while others abuse the service: files a task, reads it, claims it, renews it, completes it, and
 * compares every answer with what it has to be.
 */
export class GoodClient {
  /** What was wrong with an answer. */
  readonly complaints: string[] = [];
  readonly latenciesMs: number[] = [];
  filed = 0;
  private readonly api: ApiClient;
  private readonly over = new AbortController();
  private running: Promise<void> = Promise.resolve();

  /**
   * @param isAlone whether nobody else may touch the queue; where others may, a task can be gone before it is claimed
   */
  constructor(
    url: string,
    key: string | null,
    private readonly isAlone: boolean,
  ) {
    this.api = new ApiClient(url, key);
  }

  start(): void {
    this.running = this.work();
  }

  async stop(): Promise<void> {
    this.over.abort();
    await this.running;
  }

  /** What of its answers took longest, and how long most of them took. */
  get figures(): { readonly answers: number; readonly p99Ms: number; readonly worstMs: number } {
    const sorted = this.latenciesMs.toSorted((one, other) => one - other);
    const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
    return { answers: sorted.length, p99Ms: at(0.99), worstMs: at(1) };
  }

  private async work(): Promise<void> {
    while (!this.over.signal.aborted) {
      try {
        await this.round();
      } catch (error) {
        this.complaints.push(String(error));
        return;
      }
    }
  }

  private async round(): Promise<void> {
    const prompt = `Do the proper thing number ${this.filed}`;
    const created = await this.ask('POST', '/api/v1/tasks', 201, { work_directory: DIRECTORY, prompt });
    this.filed += 1;
    const read = await this.ask('GET', `/api/v1/tasks/${created.task_id}`, 200);
    this.expect(read.prompt === prompt, `read ${JSON.stringify(read)}`);
    const claimed = await this.ask('GET', `/api/v1/tasks/next?work_path=${DIRECTORY}&worker_id=good`, 200);
    if (!this.isAlone) return;
    this.expect(claimed.task_id === created.task_id, `claimed ${JSON.stringify(claimed)}`);
    const proof = { lease_token: claimed.lease_token };
    const path = `/api/v1/tasks/${created.task_id}`;
    await this.ask('POST', `${path}/heartbeat`, 200, proof);
    await this.ask('POST', `${path}/complete`, 200, { ...proof, original_prompt: prompt, result: { a: 1 } });
    const done = await this.ask('GET', path, 200);
    this.expect(done.status === 'completed', `completed ${JSON.stringify(done)}`);
  }

  private async ask(method: string, path: string, expected: number, body?: object): Promise<ApiTask> {
    const begun = performance.now();
    const signal = AbortSignal.timeout(LIMIT_MS);
    const answer = await this.api.send(method, path, {
      signal,
      ...(body !== undefined && { body }),
    });
    this.latenciesMs.push(performance.now() - begun);
    this.expect(
      answer.status === expected,
      `${method} ${path} was answered ${answer.status}: ${answer.text}`,
    );
    return answer.body.data;
  }

  private expect(isRight: boolean, complaint: string): void {
    if (!isRight) throw new Error(complaint);
  }
}
