import type { PresentedKey } from '@task/application';
import type { DataSource } from 'typeorm';
import { ask, type FaultOf } from './ask';
import type { Instances } from './postgres/instances/instances';
import { KEY_COLUMNS, presentedFrom, type KeyRow } from './key-row';

/** How often another instance's changes are looked for, whether it has told of them or not. */
const LOOK_EVERY_MS = 1_000;

interface Snapshot {
  /** How often keys had been changed when it was taken. */
  readonly version: number;
  readonly keys: ReadonlyMap<string, PresentedKey>;
}

/**
 * All keys that are not revoked, in memory, by the digests of their secrets. Where other instances can change keys, the
 * number of changes is looked at when they tell, every second, and before an unknown key is refused: by however many wrong keys at once,
 * one look at a time.
 */
export class KeySnapshots {
  /** Told of every change, made here or elsewhere. */
  onChange: () => void = () => undefined;
  private taken: Snapshot | null = null;
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  /** @param instances the others that write to the same database; null where there can be none */
  constructor(
    private readonly source: DataSource,
    private readonly faultOf: FaultOf,
    private readonly instances: Pick<Instances, 'watch'> | null,
  ) {}

  /** The key with this digest. @throws StoreUnavailable */
  async find(hash: string): Promise<PresentedKey | null> {
    const known = this.taken?.keys.get(hash);
    if (known !== undefined) return known;
    if (this.instances !== null || this.taken === null) await this.renew();
    return this.taken?.keys.get(hash) ?? null;
  }

  /** Takes in every change that was committed before this call. Calls that come meanwhile share the next look. */
  renew(): Promise<void> {
    if (this.running === null) return this.start();
    this.next ??= this.running.then(
      () => this.start(),
      () => this.start(),
    );
    return this.next;
  }

  /** Takes in a change that was just written here; when it cannot be read back, nothing of before counts any more. */
  async renewAfterWrite(): Promise<void> {
    try {
      await this.renew();
    } catch (error) {
      this.taken = null;
      this.onChange();
      throw error;
    }
  }

  /** Looks for changes of other instances from now on. */
  follow(): void {
    if (this.instances === null || this.timer !== null || this.isClosed) return;
    // While the database is away nobody changes keys in it: the next look will tell.
    const look = (): void => void this.renew().catch(() => undefined);
    this.instances.watch('keys', look);
    this.timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  /** Looks no more, and comes back when the last look has ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer !== null) clearInterval(this.timer);
    await Promise.allSettled([this.running, this.next]);
  }

  private start(): Promise<void> {
    this.next = null;
    this.running = ask(this.look(), this.faultOf).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async look(): Promise<void> {
    const [row] = await this.source.query<{ value: number }[]>(VERSION);
    const version = row?.value ?? 0;
    // Any other version is news, a lower one too: a database may have lost its last changes, and count them anew.
    if (version === this.taken?.version) return;
    const rows = await this.source.query<(KeyRow & { hash: string })[]>(KEYS);
    const isFirst = this.taken === null;
    this.taken = { version, keys: new Map(rows.map((key) => [key.hash, presentedFrom(key)])) };
    if (!isFirst) this.onChange();
  }
}

const VERSION = `SELECT value FROM counters WHERE name = 'keys'`;
const KEYS = `SELECT hash, ${KEY_COLUMNS} FROM api_keys WHERE revoked_at IS NULL`;
