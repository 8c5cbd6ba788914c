import { setTimeout as pause } from 'node:timers/promises';
import { expectSound } from '../../support/checker';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed } from '../../support/checking/observed';
import { eventually } from '../../support/eventually';
import type { HttpAnswer } from '../../support/http-reading';
import { RecordedClient, type Door, type Held } from '../../support/recorded-client';
import { Recorder, type Operation } from '../../support/recorder';
import { SeededRandom, seedOfRun } from '../../support/seeded-random';

/** `npm run test:faults` takes its time; every other run shows the same in little. */
export const IS_FULL = process.env.FAULTS === 'full';
/** Repeats with TEST_SEED; to be shown in titles. */
export const SEED = seedOfRun();
/** What lets clients ask as often as they like. */
export const UNLIMITED = { RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' } as const;

const CLIENTS = 8;
const READERS = 8;
const MOST_PAUSE_MS = 8;
const DIRECTORY = '/srv/load';
type Deed = 'create' | 'claim' | 'complete' | 'heartbeat';
type Clients = [RecordedClient, ...RecordedClient[]];

/** Clients that create, claim, renew and complete while a service meets a fault. All is written down, for the checker. */
export class Load {
  private readonly recorder = new Recorder();
  private readonly random = new SeededRandom(SEED);
  /** Claimed by somebody who was told so, and not completed as far as anybody knows. */
  private readonly held: Held[] = [];
  private readonly refusals: HttpAnswer[] = [];
  private clients: RecordedClient[] = [];
  private loops: Promise<unknown> = Promise.resolve();
  private isOver = true;

  /** @param promptLength of each new task */
  constructor(private readonly promptLength = 200) {}

  get log(): readonly Operation[] {
    return this.recorder.log;
  }

  /** Operations that were acknowledged so far. */
  get acknowledged(): number {
    return this.log.filter(({ outcome }) => outcome.is === 'ok').length;
  }

  /** All answers so far that were no success. */
  get failures(): readonly HttpAnswer[] {
    return this.refusals;
  }

  /** One more client whose operations are written down with those of all others. */
  client(door: Door): RecordedClient {
    return new RecordedClient(door, this.recorder);
  }

  /** Clients begin to work, and go on whatever they are told, until the end. */
  begin(door: Door): void {
    this.isOver = false;
    this.clients = Array.from({ length: CLIENTS }, () => this.client(door));
    this.loops = Promise.all(this.clients.map((client) => this.work(client)));
  }

  /** They stop after the operations that run; those of a service that is gone are broken off. */
  async end(isServiceGone = false): Promise<void> {
    this.isOver = true;
    if (isServiceGone) this.clients.forEach((client) => client.close());
    await this.loops;
    this.clients.forEach((client) => client.close());
  }

  /** Waits until so many more operations are acknowledged. */
  async reaches(more: number): Promise<void> {
    const wanted = this.acknowledged + more;
    await eventually(() => Promise.resolve(this.acknowledged >= wanted ? true : null));
  }

  /** Waits for the next answer with this status. */
  async isTold(status: number): Promise<HttpAnswer> {
    const from = this.refusals.length;
    return eventually(() =>
      Promise.resolve(this.refusals.slice(from).find((answer) => answer.status === status) ?? null),
    );
  }

  /** Ends all that is claimed and all that waits. @returns all that the service holds then */
  async drain(door: Door): Promise<Observed> {
    const others = Array.from({ length: READERS - 1 }, () => this.client(door));
    const clients: Clients = [this.client(door), ...others];
    try {
      const left = this.held.splice(0).values();
      await Promise.all(clients.map((client) => completeAll(client, left)));
      await Promise.all(clients.map(claimAll));
      return await observeOverHttp(clients);
    } finally {
      for (const client of clients) client.close();
    }
  }

  /** Fails when what clients were told and what is stored contradict each other; tells the figures. */
  expectSound(observed: Observed, fault: string): void {
    this.tell(fault);
    expectSound(this.log, observed);
  }

  /** Tells what was asked for and how it was answered, where there is the time for it. */
  tell(fault: string): void {
    if (!IS_FULL) return;
    const outcomes = Map.groupBy(this.log, ({ outcome }) => outcome.is);
    const counts = [...outcomes].map(([is, same]) => `${same.length} ${is}`).join(', ');
    process.stdout.write(`${fault}: ${this.log.length} operations, ${counts}; seed ${SEED}\n`);
  }

  private async work(client: RecordedClient): Promise<void> {
    while (!this.isOver) {
      try {
        await this.act(
          client,
          this.random.pick<Deed>(['create', 'create', 'claim', 'complete', 'heartbeat']),
        );
      } catch {
        // A connection that broke is in the log as an answer that never came.
      }
      await pause(this.random.whole(0, MOST_PAUSE_MS));
    }
  }

  private async act(client: RecordedClient, deed: Deed): Promise<void> {
    if (deed === 'create') {
      const prompt = 'x'.repeat(this.promptLength);
      this.note(await client.create({ work_directory: DIRECTORY, prompt }));
    } else if (deed === 'claim') {
      const got = await client.claim({ work_path: DIRECTORY });
      if (got !== null) this.held.push(got);
    } else {
      const mine = this.held.shift();
      if (mine !== undefined) await this.holdOn(client, deed, mine);
    }
  }

  /** A completion whose answer was lost is asked for again later, and so is counted once. */
  private async holdOn(client: RecordedClient, deed: 'complete' | 'heartbeat', mine: Held): Promise<void> {
    let answer: HttpAnswer | null = null;
    try {
      answer = await client[deed](mine);
      this.note(answer);
    } finally {
      if (answer === null || answer.status >= 500 || deed === 'heartbeat') this.held.push(mine);
    }
  }

  private note(answer: HttpAnswer): void {
    if (answer.status >= 400) this.refusals.push(answer);
  }
}

async function completeAll(client: RecordedClient, tasks: Iterable<Held>): Promise<void> {
  for (const mine of tasks) await client.complete(mine);
}

async function claimAll(client: RecordedClient): Promise<void> {
  const claim = (): Promise<Held | null> => client.claim({ work_path: DIRECTORY });
  for (let mine = await claim(); mine !== null; mine = await claim()) await client.complete(mine);
}
