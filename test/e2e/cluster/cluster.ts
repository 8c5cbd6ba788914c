import { BuiltServer, type Environment } from '../../support/built-server';
import { startPostgres, type TestPostgres } from '../../support/postgres';
import type { Door } from '../../support/recorded-client';
import type { Place } from '../../support/tcp-balancer';
import { plainFront, type Front } from './front';

const KEY = 'one-key-for-every-instance-of-this-cluster';

/** Several built servers on one PostgreSQL, behind one balancer. They know nothing of each other. */
export class Cluster {
  private constructor(
    readonly postgres: TestPostgres,
    readonly databaseUrl: string,
    readonly servers: readonly BuiltServer[],
    private readonly front: Front,
  ) {}

  /** Starts all of them at the same time, on an empty database. */
  static async start(count: number, env: Environment = {}, open = plainFront): Promise<Cluster> {
    const postgres = await startPostgres(['-c', 'fsync=off', '-c', 'max_connections=200']);
    const databaseUrl = await postgres.createDatabase();
    const settings = {
      ...{ DATABASE_URL: databaseUrl, DATABASE_MIN_CONNECTIONS: '2', API_SECRET_KEY: KEY },
      ...{ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' },
      ...env,
    };
    const servers = await Promise.all(Array.from({ length: count }, () => BuiltServer.start(settings)));
    return new Cluster(postgres, databaseUrl, servers, await open(servers.map(placeOf)));
  }

  /** The door in front of all of them. */
  get door(): Door {
    return { url: `http://127.0.0.1:${this.front.port}`, key: KEY };
  }

  server(index: number): BuiltServer {
    const server = this.servers[index];
    if (server === undefined) throw new Error(`there is no server ${index}`);
    return server;
  }

  async dispose(): Promise<void> {
    await this.front.close();
    await Promise.all(this.servers.map((server) => server.dispose()));
    await this.postgres.stop();
  }
}

function placeOf({ url }: BuiltServer): Place {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
