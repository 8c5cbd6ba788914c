'use strict';

// The service as `serve` composes it, with one route more: it takes what a creation takes, through the same guard,
// pipe and filters, and does nothing. Started by the bench with a channel, over which it says where it listens. Its log
// goes to standard output, at the level that is set.

const DIST = '../../dist';
require(`${DIST}/src/heap-flags.js`);
require('reflect-metadata');
const { LiveSettings, loadSettings, openLog } = require(`${DIST}/libs/infrastructure/src/index.js`);
const { ReloadSignal } = require(`${DIST}/src/cli/reload-signal.js`);
const { Service } = require(`${DIST}/src/cli/service.js`);
const { NoopModule } = require('./noop.cjs');

const OWNER_ONLY = 0o077;

async function main() {
  const context = { env: process.env, cwd: process.cwd(), umask: process.umask(OWNER_ONLY) };
  const live = new LiveSettings(loadSettings(context));
  const { logLevel: level, logFile: file } = live.values;
  const { log, requests, flush } = openLog({ level, format: 'json', file });
  const service = new Service({
    live,
    log,
    requestLines: requests,
    reload: new ReloadSignal(log),
    context,
    onNewKey: () => undefined,
    extraImports: [NoopModule],
  });
  process.once('exit', () => {
    service.leave();
    flush();
  });
  process.once('disconnect', () => void service.stop().then(() => process.exit(0)));
  const { url, taskManagerUrl, database } = await service.start();
  process.send({ url, taskManagerUrl, database });
}

void main();
