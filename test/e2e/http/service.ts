import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { KeyStore, Policy, TaskStore } from '@task/application';
import type { Principal, Role } from '@task/domain';
import { InMemoryTaskStore, RandomIds } from '@task/infrastructure';
import { createApp } from '../../../src/http/create-app';
import type { JsonExpressAdapter } from '../../../src/http/json-express-adapter';
import type { HttpSettings } from '../../../src/http/service-core';
import { ApiClient } from '../../support/api-client';
import { policy } from '../../support/builders';
import { FixedClock } from '../../support/fixed-clock';

/** The key of each role is its name. */
const KEYS: Pick<KeyStore, 'find' | 'addFirst'> = {
  find: (secret) => Promise.resolve(principalOf(secret)),
  addFirst: () => Promise.resolve(false),
};

/** What a test wants otherwise than the others. */
export interface ServiceChanges {
  readonly settings?: Partial<HttpSettings>;
  readonly policy?: Partial<Policy>;
  readonly tasks?: TaskStore;
  readonly keys?: Pick<KeyStore, 'find' | 'addFirst'>;
  readonly extraImports?: readonly (Type | DynamicModule)[];
}

/** The HTTP side of a service on a socket, over a store in memory. */
export class TestService {
  readonly lifecycle = { isDraining: false, isMigrating: false };

  private constructor(
    readonly clock: FixedClock,
    private readonly servers: Server[] = [],
  ) {}

  private opened: NestExpressApplication | null = null;

  static async start(changes: ServiceChanges = {}): Promise<TestService> {
    const service = new TestService(new FixedClock());
    await service.open(changes);
    return service;
  }

  get app(): NestExpressApplication {
    if (this.opened === null) throw new Error('not started');
    return this.opened;
  }

  get baseUrl(): string {
    const { port } = this.servers[0]?.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** A client with the key of a role; null for none. */
  as(role: Role | null): ApiClient {
    return new ApiClient(this.baseUrl, role);
  }

  /** One more server in front of the same application. */
  async listen(where: {
    readonly port?: number;
    readonly path?: string;
    readonly host?: string;
  }): Promise<Server> {
    const { messageClasses } = this.app.getHttpAdapter() as JsonExpressAdapter;
    const server = createServer(messageClasses, this.app.getHttpAdapter().getInstance());
    this.servers.push(server);
    server.listen(where);
    await once(server, 'listening');
    return server;
  }

  async close(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    await this.app.close();
  }

  private async open({ settings, tasks, keys, extraImports, ...changes }: ServiceChanges): Promise<void> {
    const core = {
      tasks: tasks ?? new InMemoryTaskStore(this.clock),
      keys: keys ?? KEYS,
      ids: new RandomIds(),
      policy: policy(changes.policy),
      isConfiguredKey: () => false,
      lifecycle: this.lifecycle,
    };
    this.opened = await createApp(core, { ...SETTINGS, ...settings }, extraImports);
    await this.app.init();
    await this.listen({ port: 0, host: '127.0.0.1' });
  }
}

const SETTINGS: HttpSettings = {
  enableAuth: true,
  enableDocs: true,
  requestTimeoutMs: 30_000,
  maxBodyBytes: 2 * 1024 * 1024,
  rateLimit: { requestsPerMinute: 1_000_000, burstSize: 1_000_000 },
  version: '9.8.7',
  logger: false,
};

function principalOf(secret: string): Principal | null {
  const roles: readonly Role[] = ['reader', 'producer', 'worker', 'admin'];
  const role = roles.find((candidate) => candidate === secret);
  return role === undefined ? null : { name: `${role}-key`, roles: [role] };
}
