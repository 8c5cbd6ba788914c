import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// The floor of this design: what is left when everything but HTTP, SQLite and group commit is taken away. No keys, no
// checks, no leases, no history, no counters. Requests of a turn of the event loop share one transaction, and all their
// answers leave after its commit.

const { path, port } = JSON.parse(process.argv[2]);
const Database = createRequire(import.meta.url)('better-sqlite3');
const database = new Database(path);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(`
  CREATE TABLE IF NOT EXISTS tasks (seq INTEGER PRIMARY KEY, status INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS tasks_waiting ON tasks (seq) WHERE status = 0;
`);
const insert = database.prepare('INSERT INTO tasks (status, body) VALUES (0, ?)');
const claim = database.prepare(`UPDATE tasks SET status = 1
  WHERE seq = (SELECT seq FROM tasks WHERE status = 0 ORDER BY seq LIMIT 1) RETURNING seq, body`);
const complete = database.prepare('UPDATE tasks SET status = 2 WHERE seq = ? AND status = 1');

const ROUTES = {
  '/tasks': (body) => ({ id: insert.run(body).lastInsertRowid }),
  '/bulk': (body) => JSON.parse(body).map((each) => insert.run(JSON.stringify(each)).lastInsertRowid).length,
  '/claim': () => claim.get() ?? null,
  '/complete': (body) => ({ done: complete.run(JSON.parse(body).id).changes }),
};

let group = [];

function add(command) {
  group.push(command);
  if (group.length === 1) setImmediate(commit);
}

const runAll = database.transaction((commands) => commands.map(({ route, body }) => route(body)));

function commit() {
  const commands = group;
  group = [];
  const answers = runAll.immediate(commands);
  for (const [index, { response }] of commands.entries()) {
    const text = JSON.stringify(answers[index]);
    response.setHeader('Content-Length', Buffer.byteLength(text));
    response.end(text);
  }
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (bytes) => parts.push(bytes));
  request.on('end', () => take(request.url, Buffer.concat(parts).toString(), response));
});

function take(url, body, response) {
  const route = ROUTES[url];
  if (route === undefined) response.writeHead(url === '/ready' ? 200 : 404, { 'Content-Length': 0 }).end();
  else add({ route, body, response });
}
server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  database.close();
});
