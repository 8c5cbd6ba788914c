import { eventually } from '../support/eventually';
import { AbusedService } from './abused-service';
import { RawConnection, responsesIn } from './raw-connection';
import { sized } from './sized';

/** Of each kind, all of them at once. */
const CONNECTIONS = sized(25, 100);
const TIMEOUT_SECONDS = 5;
const TRICKLE_MS = 100;
const PAYLOAD_BYTES = 250_000;
/** Of such an answer to each of those who do not read. */
const TASKS = 60;
const READERS = 4;
/** Connections that those who work may open and close meanwhile. */
const OTHERS = 2;
/** What may be left of what was held for them, MB. */
const LEFT_MB = 120;

describe('whoever is slow', () => {
  let service: AbusedService;
  const connections: RawConnection[] = [];

  beforeAll(async () => {
    service = await AbusedService.start({ REQUEST_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS) });
  });
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close();
  });
  afterAll(() => service.dispose());

  const open = (count: number, options?: { readonly isReading: boolean }): RawConnection[] => {
    const [{ place }] = service.doors.main;
    const opened = Array.from({ length: count }, () => new RawConnection(place, options));
    connections.push(...opened);
    return opened;
  };
  const authorization = (): string => `Host: localhost\r\nAuthorization: Bearer ${service.server.key}\r\n`;
  /** Sends a beginning, then a byte now and then, until the other side has had enough. */
  const trickle = async (connection: RawConnection, beginning: string, byte: string): Promise<string> => {
    connection.write(beginning);
    const timer = setInterval(() => connection.write(byte), TRICKLE_MS);
    return connection.whole().finally(() => clearInterval(timer));
  };
  const connectionsOf = async (): Promise<number> => {
    const { body } = await service.json('GET', '/health');
    return (body as { metrics: { active_connections: number } }).metrics.active_connections;
  };

  it('to send is told so, and let go of', async () => {
    const known = authorization();
    const headOf = (...lines: string[]): string =>
      `POST /api/v1/tasks HTTP/1.1\r\nContent-Type: application/json\r\n${lines.join('')}\r\n`;
    const kinds: Readonly<Record<string, readonly [beginning: string, byte: string]>> = {
      silent: ['', ''],
      headers: [`GET /api/v1/tasks HTTP/1.1\r\n${known}`, 'X'],
      body: [headOf(known, 'Content-Length: 100000\r\n'), ' '],
      chunks: [headOf(known, 'Transfer-Encoding: chunked\r\n'), '1\r\n \r\n'],
      'body after a promise': [headOf(known, 'Content-Length: 100000\r\nExpect: 100-continue\r\n'), ' '],
      'body that nobody reads': [headOf('Host: localhost\r\nContent-Length: 100000\r\n'), ' '],
    };
    const statuses = await Promise.all(
      Object.entries(kinds).map(async ([kind, [beginning, byte]]) => {
        const received = await Promise.all(open(CONNECTIONS).map((each) => trickle(each, beginning, byte)));
        return [kind, [...new Set(received.map((text) => responsesIn(text)[0]?.status))]];
      }),
    );
    expect(Object.fromEntries(statuses)).toEqual({
      ...{ silent: [408], headers: [408], body: [504], chunks: [504] },
      ...{ 'body after a promise': [504], 'body that nobody reads': [401] },
    });
  });

  it('to read is not waited for, and what was held for it is not held any more', async () => {
    const payload = { text: 'x'.repeat(PAYLOAD_BYTES) };
    const task = { task_type: 'document_processing', kb_id: 'large', payload };
    for (let filed = 0; filed < TASKS; filed += 30)
      await service.json('POST', '/task-manager/api/v1/tasks/batch', Array<object>(30).fill(task));
    const memoryBefore = service.memoryMb();
    const connectionsBefore = await connectionsOf();
    for (const connection of open(READERS, { isReading: false }))
      connection.write(`GET /task-manager/api/v1/tasks?page_size=100 HTTP/1.1\r\n${authorization()}\r\n`);
    const isSo = (holds: () => Promise<boolean>): Promise<true> =>
      eventually(async () => ((await holds()) ? true : null), { timeoutMs: 40_000, pauseMs: 100 });

    await isSo(async () => (await connectionsOf()) > connectionsBefore + READERS / 2);
    await isSo(async () => (await connectionsOf()) <= connectionsBefore + OTHERS);
    await isSo(() => Promise.resolve(service.memoryMb() - memoryBefore < LEFT_MB));
  }, 90_000);

  it('keeps nobody from working', async () => {
    expect(await service.verdict()).toMatchObject({ complaints: [], errors: [] });
  });
});
