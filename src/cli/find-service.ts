import { findOwner, loadSettings, parseDatabaseUrl, type OwnerRecord } from '@task/infrastructure';
import { connect } from 'node:net';
import type { ServicePlace } from '../client/service-place';
import type { CommandContext } from './context';
import { StartFailure } from './start-failure';

const URL_VARIABLE = 'TASK_ORCHESTRATOR_URL';
const CONNECT_TIMEOUT_MS = 2_000;

/**
 * Finds the running service: the one that `--url` or else `TASK_ORCHESTRATOR_URL` names, with the key in
 * `TASK_ORCHESTRATOR_API_KEY`; otherwise the owner of the SQLite file of `DATABASE_URL`, through its Unix socket.
 * @param option what `--url` says, for commands that have it
 * @returns null when nobody serves that file, and for PostgreSQL, which names no service
 * @throws StartFailure for an address that is none
 */
export async function findService(context: CommandContext, option?: string): Promise<ServicePlace | null> {
  const { [URL_VARIABLE]: variable = '', TASK_ORCHESTRATOR_API_KEY: key = '' } = context.env;
  const url = option ?? variable;
  const given = option === undefined ? URL_VARIABLE : '--url';
  if (url !== '') return { kind: 'url', url: addressOf(url, given), apiKey: key === '' ? null : key };
  const { settings } = loadSettings(context);
  const database = parseDatabaseUrl(settings.databaseUrl, context.cwd);
  return database.kind === 'sqlite' ? ownerOf(findOwner(database.path)) : null;
}

function addressOf(text: string, given: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === null || !isHttp || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new StartFailure(
      `${given} must be an address such as http://127.0.0.1:8080, without a key or a query in it`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

/** What a killed owner has left leads nowhere. */
async function ownerOf(owner: OwnerRecord | null): Promise<ServicePlace | null> {
  const path = owner?.socketPath ?? null;
  return path !== null && (await answers(path)) ? { kind: 'socket', path } : null;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: CONNECT_TIMEOUT_MS });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
