import type { Commit } from '@task/application';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Commits } from '../../commits';
import { bulletinOf, newsIn, type Topic } from './bulletin';
import { PostgresListener } from './listener';

/** How often the database is asked for news while nothing is heard. */
const POLL_MS = 1_000;

/**
 * The other instances on the same PostgreSQL. What they commit is told here as if it had been committed here. While
 * nothing is heard of them the database is asked once a second whether there was anything; whenever something may have
 * been missed, everybody is told so.
 */
export class Instances {
  private readonly name = randomUUID().slice(0, 8);
  private readonly listener: PostgresListener;
  private readonly watchers = new Map<Topic, Set<() => void>>();
  private readonly poll: NodeJS.Timeout;
  private lastEventId = 0;
  private known = 1;
  private asked: Promise<void> = Promise.resolve();
  private asking = 0;

  constructor(
    url: string,
    private readonly source: DataSource,
    private readonly commits: Commits,
  ) {
    commits.subscribe(({ lastEventId }) => {
      this.lastEventId = Math.max(this.lastEventId, lastEventId ?? 0);
    });
    this.listener = new PostgresListener(url, {
      onBulletin: (bulletin) => this.read(bulletin),
      onAgain: () => this.catchUp(true),
      onInstances: (count, hasLostOne) => {
        this.known = count;
        // What it had locked is free again, and nobody is left to say so.
        if (hasLostOne) this.catchUp(true);
      },
    });
    this.poll = setInterval(() => this.pollWhileDeaf(), POLL_MS).unref();
  }

  /** Listens to the others before anything is done here that they might answer. */
  start(): Promise<void> {
    return this.listener.start();
  }

  /** Whether other instances are heard, and need not be asked for. */
  get isListening(): boolean {
    return this.listener.isListening;
  }

  /** Instances that share the database, this one included; as many as there were while nothing is heard. */
  get count(): number {
    return this.known;
  }

  /** What to tell the others, or null when there is nothing to tell. */
  bulletin(commit: Commit, topics: readonly Topic[] = []): string | null {
    return bulletinOf({ from: this.name, commit, topics });
  }

  /** Calls back when another instance has changed something, or may have. @returns stops calling */
  watch(topic: Topic, listener: () => void): () => void {
    const listeners = this.watchers.get(topic) ?? new Set();
    this.watchers.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.poll);
    this.listener.close();
    await this.asked;
  }

  private read(bulletin: string): void {
    const news = newsIn(bulletin);
    if (news === null || news.from === this.name) return;
    for (const topic of news.topics) this.tell(topic);
    this.commits.publish(news.commit);
  }

  private pollWhileDeaf(): void {
    if (!this.isListening && this.asking === 0) this.catchUp(false);
  }

  /** @param isSure whether something was missed for certain: events tell of most, and not of all */
  private catchUp(isSure: boolean): void {
    this.asking += 1;
    this.asked = this.asked.then(() => this.ask(isSure)).finally(() => (this.asking -= 1));
  }

  private async ask(isSure: boolean): Promise<void> {
    const newest = await this.newestEvent();
    if (newest === null || (!isSure && newest <= this.lastEventId)) return;
    for (const topic of this.watchers.keys()) this.tell(topic);
    this.commits.publish({
      ready: [],
      scheduledFor: null,
      lastEventId: newest,
      hasEndedDependency: false,
      moves: [],
      isGap: true,
    });
  }

  /** Null while the database is away: then there is no news either. */
  private async newestEvent(): Promise<number | null> {
    try {
      const [row] = await this.source.query<{ value: number }[]>(NEWEST);
      return row?.value ?? 0;
    } catch {
      return null;
    }
  }

  private tell(topic: Topic): void {
    for (const listener of this.watchers.get(topic) ?? []) listener();
  }
}

const NEWEST = `SELECT value FROM counters WHERE name = 'event'`;
