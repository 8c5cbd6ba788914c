import { createHash } from 'node:crypto';
import { KeyStore, type Clock } from '@task/application';
import { ROLES, type Principal, type Role } from '@task/domain';
import type { DataSource } from 'typeorm';
import { ask, type FaultOf } from './ask';

interface KeyRow {
  readonly name: string;
  readonly hash: string;
  readonly roles: string;
  readonly created_at: number;
}

/** Keys in the database, by the SHA-256 of their secret. */
export class TypeOrmKeyStore extends KeyStore {
  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly faultOf: FaultOf,
  ) {
    super();
  }

  override async find(secret: string): Promise<Principal | null> {
    const row = await ask(this.rowOf(hashOf(secret)), this.faultOf);
    if (row === null) return null;
    return { name: row.name, roles: row.roles.split(',').filter(isRole) };
  }

  override addFirst(secret: string, principal: Principal): Promise<boolean> {
    return ask(this.insertFirst(hashOf(secret), principal), this.faultOf);
  }

  private async insertFirst(hash: string, { name, roles }: Principal): Promise<boolean> {
    const values = [name, hash, roles.join(','), this.clock.now()];
    const insert = `INSERT INTO api_keys (name, hash, roles, created_at)
      SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM api_keys)`;
    if (this.source.options.type === 'postgres') {
      await this.source.transaction(async (manager) => {
        // Two instances that start at once would both find no key.
        await manager.query('LOCK TABLE api_keys IN EXCLUSIVE MODE');
        await manager.query(insert, values);
      });
    } else {
      await this.source.query(insert.replaceAll(/\$\d/g, '?'), values);
    }
    return (await this.rowOf(hash))?.name === name;
  }

  private rowOf(hash: string): Promise<KeyRow | null> {
    return this.source.getRepository<KeyRow>('api_keys').findOneBy({ hash });
  }
}

function isRole(name: string): name is Role {
  return ROLES.some((role) => role === name);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
