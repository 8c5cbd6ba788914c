import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { StartFailure } from '../start-failure';

/** Where a certificate and its key are. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate with its key, which belong together. */
export interface Certificate {
  readonly context: SecureContextOptions;
  /** From then on, clients refuse it. */
  readonly expires: Date;
}

/** Older versions are broken, and nobody needs them any more. */
const OLDEST_VERSION = 'TLSv1.2';

/** Reads a certificate and its key. @throws StartFailure that names the setting, the file and what is wrong with it */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  const cert = read('TLS_CERT_FILE', certFile);
  const key = read('TLS_KEY_FILE', keyFile);
  const parsed = use('TLS_CERT_FILE', certFile, 'is no certificate in PEM', () => new X509Certificate(cert));
  const secret = use('TLS_KEY_FILE', keyFile, 'is no private key in PEM without a passphrase', () =>
    createPrivateKey(key),
  );
  requirePair(parsed, secret, certFile, keyFile);
  const context = { cert, key, minVersion: OLDEST_VERSION } as const;
  // A key that is too weak, for one, is found out here only.
  use('TLS_CERT_FILE', certFile, 'cannot be used', () => createSecureContext(context));
  return { context, expires: parsed.validToDate };
}

function requirePair(cert: X509Certificate, key: KeyObject, certFile: string, keyFile: string): void {
  if (cert.checkPrivateKey(key)) return;
  throw new StartFailure(
    `TLS_KEY_FILE ${keyFile} does not belong to the certificate in TLS_CERT_FILE ${certFile}`,
  );
}

function read(name: string, file: string): Buffer {
  return use(name, file, 'cannot be read', () => readFileSync(file));
}

/** The cause's own message can quote the file; its code cannot. */
function use<T>(name: string, file: string, complaint: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartFailure(`${name} ${file} ${complaint}${code === undefined ? '' : ` (${code})`}`);
  }
}
