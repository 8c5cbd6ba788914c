import { permits } from '@task/domain';
import type { JsonExpressAdapter } from '../../../src/http/json-express-adapter';
import { callersOf, type Caller } from './callers';
import { DOORS, type Answer, type Door, type OpenDoor } from './doors';
import { methodOf, pathOf, type Endpoint } from './endpoints';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
/** Callers that stand for the others where it is not about their roles. */
const TELLING: ReadonlySet<string> = new Set(['no key', 'a wrong key', 'a key of reader', 'a key of admin']);
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** A door that is open while the tests of a group run, and those who come to it. */
interface Scene {
  readonly door: OpenDoor;
  readonly callers: readonly Caller[];
  asks(endpoint: Endpoint, caller: Caller, path?: string): Promise<Answer>;
}

function useDoor(door: Door): () => Scene {
  let scene: Scene | undefined;
  beforeAll(async () => {
    const opened = await door.open();
    const callers = await callersOf(opened.service);
    const asks: Scene['asks'] = (endpoint, { authorization }, path = pathOf(endpoint)) => {
      const method = methodOf(endpoint);
      const body = WITH_BODY.has(method) ? (endpoint.body ?? {}) : undefined;
      return opened.ask({ method, path, authorization, body });
    };
    scene = { door: opened, callers, asks };
  });
  afterAll(() => scene?.door.close());
  return () => {
    if (scene === undefined) throw new Error('the door is open only while tests run');
    return scene;
  };
}

/** What the answer says about access: let in, unknown, or known and not allowed. */
function verdictOf({ status }: Answer): 'in' | 401 | 403 {
  return status === 401 || status === 403 ? status : 'in';
}

function expectedOf({ roles }: Caller, { needs }: Endpoint, { isOperators }: Door): 'in' | 401 | 403 {
  if (isOperators || needs === 'nobody') return 'in';
  if (roles === null) return 401;
  return permits({ name: '', roles }, needs) ? 'in' : 403;
}

/** Everything that a request could have changed. */
async function kept({ door }: Scene): Promise<unknown> {
  const { tasks, keys } = door.service.core;
  const listed = await keys.list({ withRevoked: true, limit: 1000, offset: 0 });
  return [await tasks.countByStatus(), listed.keys.map(({ id, revokedAt }) => [id, revokedAt])];
}

describe.each(DOORS)('$name', (door) => {
  const scene = useDoor(door);

  it('has every route of the application behind it, and no other', () => {
    const { routes } = scene().door.service.app.getHttpAdapter() as JsonExpressAdapter;
    const registered = routes.all.filter((route) => !route.startsWith('HEAD ') && door.serves(route));

    expect(door.endpoints.map(({ route }) => route).sort()).toEqual([...new Set(registered)].sort());
  });

  it.each(door.endpoints)('opens $route to $needs, and to nobody else', async (endpoint) => {
    const { callers, asks } = scene();
    const before = await kept(scene());
    const met = new Map<string, unknown>();
    for (const caller of callers) met.set(caller.name, verdictOf(await asks(endpoint, caller)));

    expect(met).toEqual(new Map(callers.map((each) => [each.name, expectedOf(each, endpoint, door)])));
    expect(await kept(scene())).toEqual(before);
  });

  it.each([...Map.groupBy(door.endpoints, pathOf)])(
    'opens nothing at %s by another method',
    async (path, here) => {
      const taken = here.map(methodOf);
      const read = here.find((endpoint) => methodOf(endpoint) === 'GET');
      for (const caller of scene().callers.filter(({ name }) => TELLING.has(name))) {
        for (const method of METHODS.filter((each) => !taken.includes(each))) {
          const { status } = await scene().door.ask({ method, path, authorization: caller.authorization });
          // A HEAD is a read: whoever may GET may ask for its head.
          const mayRead = read !== undefined && expectedOf(caller, read, door) === 'in';
          const opens = status < 300 && !(method === 'HEAD' && mayRead);
          expect([method, caller.name, status, opens]).toEqual([method, caller.name, status, false]);
        }
      }
    },
  );
});

describe.each(DOORS.filter(({ isOperators }) => !isOperators))('$name, which asks for keys', (door) => {
  const scene = useDoor(door);
  const closed = door.endpoints.filter(({ needs }) => needs !== 'nobody');

  it.each(closed)('says at $route what is missing, and not what was sent', async (endpoint) => {
    const { callers, asks } = scene();
    for (const caller of callers) {
      const { status, headers, text } = await asks(endpoint, caller);
      if (status === 401) expect(headers['www-authenticate']).toBe('Bearer');
      if (status === 403) expect(text).toContain(endpoint.needs);
      const [, secret = ''] = (caller.authorization ?? '').split(' ');
      if (secret !== '') expect(text).not.toContain(secret);
    }
  });

  it.each(closed)('opens $route to no stranger under another spelling', async (endpoint) => {
    const { callers, asks } = scene();
    const [path = '', query = ''] = pathOf(endpoint).split(/(?=\?)/);
    for (const caller of callers.filter(({ name, roles }) => roles === null && TELLING.has(name))) {
      for (const spelling of spellingsOf(path)) {
        const { status } = await asks(endpoint, caller, spelling + query);
        expect([spelling, caller.name, status < 300]).toEqual([spelling, caller.name, false]);
      }
    }
  });
});

/** Spellings of a path that a router, a proxy or a careless rule may take for it, or for an open one. */
function spellingsOf(path: string): readonly string[] {
  return [
    ...[path.toUpperCase(), `${path}/`, `${path}//`, `/${path}`, `/.${path}`, `${path}%00`],
    ...[`/docs/..${path}`, `/health/..%2f..${path}`, `${path};/health`, `${path}?x=/health`],
    ...[path.replace('/api', '/%61pi'), path.replaceAll('/', '%2f'), `http://127.0.0.1${path}`],
  ];
}
