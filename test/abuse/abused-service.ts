import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { BuiltServer, type Environment } from '../support/built-server';
import { freePort } from '../support/free-port';
import { exchange, type Answered, type Place, type Sent } from './exchange';
import { GoodClient, type GoodWork } from './good-client';

/** Every answer is there within this, however the request was made. */
const LIMIT_MS = 20_000;
const KEY = 'to_abuse-of-the-built-service-0123456789abcdef';
/** What the process may hold for itself after all that was done to it, MB. */
const MOST_MEMORY_MB = 400;

/** A way into the service, and what every path has to begin with there. */
export interface Door {
  readonly name: string;
  readonly place: Place;
  readonly prefix: string;
}

/** The built service under abuse, while somebody else works with it properly. */
export class AbusedService {
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(
    readonly server: BuiltServer,
    private readonly good: GoodClient,
  ) {}

  /** @param isGoodAlone whether the abuse leaves tasks alone */
  static async start(env: Environment = {}, { isGoodAlone = true } = {}): Promise<AbusedService> {
    const server = await BuiltServer.start({
      API_SECRET_KEY: KEY,
      TASK_MANAGER_PORT: String(await freePort()),
      RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
      RATE_LIMIT_BURST_SIZE: '0',
      ...env,
    });
    return new AbusedService(server, new GoodClient(server.url, KEY, isGoodAlone));
  }

  /** TCP, the socket of the operator where there is one, and for the task manager its own port. */
  get doors(): Readonly<Record<'main' | 'manager', readonly [Door, ...Door[]]>> {
    const { url, task_manager: managerUrl = '', socket } = this.server.line;
    const under = '/task-manager';
    const main: [Door, ...Door[]] = [{ place: placeOf(url), prefix: '', name: 'TCP' }];
    if (socket !== undefined) main.push({ place: { socketPath: socket }, prefix: '', name: 'socket' });
    const ownPort = { place: placeOf(managerUrl), prefix: '', name: 'own port' };
    return { main, manager: [ownPort, ...main.map((door) => ({ ...door, prefix: under }))] };
  }

  /** Sends a request through a door, by default with the key. */
  ask(door: Door, { path, headers, ...rest }: Sent): Promise<Answered> {
    const told = { Authorization: `Bearer ${KEY}`, ...headers };
    return exchange(door.place, { ...rest, path: door.prefix + path, headers: told }, LIMIT_MS, this.agent);
  }

  /** Sends JSON through the first door, and reads JSON from it; null of an answer without any. */
  async json(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const sent = body === undefined ? null : Buffer.from(JSON.stringify(body));
    const headers = { 'Content-Type': 'application/json' };
    const { status, text } = await this.ask(this.doors.main[0], { method, path, headers, body: sent });
    return { status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Lets the proper client finish what it does. */
  stopGoodClient(): Promise<GoodWork> {
    return this.good.stop();
  }

  /** What the service and its proper client have to say in the end; every list is to be empty. */
  async verdict(): Promise<{
    readonly complaints: readonly string[];
    readonly errors: readonly string[];
    readonly memoryMb: number;
  }> {
    const { answers, p99Ms, worstMs, complaints } = await this.good.stop();
    const memoryMb = this.memoryMb();
    console.info(
      `proper client: ${answers} answers, p99 ${p99Ms} ms, worst ${worstMs} ms; memory ${memoryMb} MB`,
    );
    const errors = this.server
      .logs()
      .split('\n')
      .filter((line) => /"level":"(?:error|fatal)"/.test(line));
    const tooMuch = memoryMb > MOST_MEMORY_MB ? [`the service holds ${memoryMb} MB`] : [];
    const idle = answers === 0 ? ['the proper client got no answer'] : [];
    return { complaints: [...complaints, ...tooMuch, ...idle], errors, memoryMb };
  }

  async dispose(): Promise<void> {
    await this.good.stop();
    this.agent.destroy();
    await this.server.dispose();
  }

  /** What the process holds for itself; 0 where the system does not tell. */
  memoryMb(): number {
    if (process.platform !== 'linux') return 0;
    const [, kilobytes = '0'] =
      /RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${this.server.pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes) / 1024);
  }
}

function placeOf(url: string): Place {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
