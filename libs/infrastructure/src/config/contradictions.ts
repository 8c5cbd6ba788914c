import { isLoopback } from './loopback';
import type { SettingProblem } from './settings-refused';
import { SETTINGS, type SettingKey, type Settings } from './settings-table';

type Contradiction = (settings: Settings) => SettingProblem | null;

/** What is wrong with settings that are each allowed, taken together. */
export function contradictions(settings: Settings): SettingProblem[] {
  return ALL.flatMap((find) => find(settings) ?? []);
}

const ALL: readonly Contradiction[] = [
  openToEverybody,
  openToEveryPage,
  halfACertificate,
  httpsFromNobody,
  onePortForTwo,
  keyToNoFile,
];

function openToEverybody({ enableAuth, allowInsecure, serverHost }: Settings): SettingProblem | null {
  if (enableAuth || allowInsecure || isLoopback(serverHost)) return null;
  return problem(
    'enableAuth',
    `false is not allowed, since SERVER_HOST is "${serverHost}", and everybody who reaches it could do everything`,
    'it takes true, or a SERVER_HOST of 127.0.0.1, or ALLOW_INSECURE=true beside it',
  );
}

/** A page that somebody on this machine looks at could then do everything, on loopback too. */
function openToEveryPage({
  enableAuth,
  enableCors,
  corsOrigins,
  allowInsecure,
}: Settings): SettingProblem | null {
  if (enableAuth || !enableCors || allowInsecure || !corsOrigins.includes('*')) return null;
  return problem(
    'corsOrigins',
    '* is not allowed, since ENABLE_AUTH is false, and every page in a browser here could do everything',
    'it takes the origins that are meant, or ENABLE_AUTH=true, or ALLOW_INSECURE=true beside it',
  );
}

function halfACertificate({ tlsCertFile, tlsKeyFile }: Settings): SettingProblem | null {
  if ((tlsCertFile === null) === (tlsKeyFile === null)) return null;
  const missing = tlsCertFile === null ? 'tlsCertFile' : 'tlsKeyFile';
  return problem(
    missing,
    'is missing',
    `TLS needs both ${SETTINGS.tlsCertFile.name} and ${SETTINGS.tlsKeyFile.name}`,
  );
}

function httpsFromNobody({ requireHttps, tlsCertFile, trustProxy }: Settings): SettingProblem | null {
  if (!requireHttps || tlsCertFile !== null || trustProxy.length > 0) return null;
  return problem(
    'requireHttps',
    'true is not allowed, since no request could come over HTTPS',
    `it takes ${SETTINGS.tlsCertFile.name} and ${SETTINGS.tlsKeyFile.name} beside it, or the addresses of the proxy that speaks HTTPS in ${SETTINGS.trustProxy.name}`,
  );
}

function onePortForTwo({ serverPort, taskManagerPort }: Settings): SettingProblem | null {
  if (serverPort === 0 || serverPort !== taskManagerPort) return null;
  return problem(
    'taskManagerPort',
    `${taskManagerPort} is not allowed, since ${SETTINGS.serverPort.name} is the same`,
    'it takes another port, or 0 for none',
  );
}

/** Whoever sets a key relies on it: a server's database is encrypted by its own means, or not at all. */
function keyToNoFile({ databaseEncryptionKey, databaseUrl }: Settings): SettingProblem | null {
  if (databaseEncryptionKey === null || databaseUrl.startsWith('sqlite:')) return null;
  return problem(
    'databaseEncryptionKey',
    'is not allowed, since only a SQLite file is encrypted here',
    'leave it out, and encrypt the disk of the PostgreSQL server',
  );
}

function problem(key: SettingKey, what: string, wayOut: string): SettingProblem {
  const { name } = SETTINGS[key];
  return { name, message: `${name}: ${what}; ${wayOut}` };
}
