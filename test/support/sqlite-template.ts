import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@task/application';
import { migrateStore, type StoreOptions } from '@task/infrastructure';

const SQLITE_LIMITS = { maxConnections: 1, timeoutMs: 5_000, commandTimeoutMs: 20_000 };

/** A file with the whole schema and nothing in it, of which every test gets its copy: quicker than migrating each. */
export class SqliteTemplate {
  private readonly folder = mkdtemp(join(tmpdir(), 'task-orchestrator-'));
  private readonly migrated = this.migrate();
  private copies = 0;

  /** A file of a test's own. */
  async copy(clock: Clock): Promise<StoreOptions> {
    this.copies += 1;
    const path = join(await this.folder, `${this.copies}.db`);
    await copyFile(await this.migrated, path);
    return { ...SQLITE_LIMITS, url: { kind: 'sqlite', path }, clock };
  }

  /** Removes the template and all its copies. */
  async remove(): Promise<void> {
    await rm(await this.folder, { recursive: true, force: true });
  }

  private async migrate(): Promise<string> {
    const path = join(await this.folder, 'template.db');
    await migrateStore({ ...SQLITE_LIMITS, url: { kind: 'sqlite', path } });
    return path;
  }
}
