import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { makeCertificate, writeCertificate, type TestCertificate } from '../../../test/support/certificates';
import { StartFailure } from '../start-failure';
import { readCertificate } from './certificate';

describe('readCertificate', () => {
  let folder: string;
  let one: TestCertificate;
  let another: TestCertificate;

  beforeAll(
    async () => ([one, another] = await Promise.all([makeCertificate('one'), makeCertificate('two')])),
  );
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tls-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (made: TestCertificate): ReturnType<typeof readCertificate> => {
    const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = writeCertificate(folder, made);
    return readCertificate({ certFile, keyFile });
  };

  it('reads a certificate with its key, for TLS 1.2 and newer', () => {
    const { context, expires } = read(one);
    expect(context).toMatchObject({ minVersion: 'TLSv1.2', cert: Buffer.from(one.cert) });
    expect(expires.getTime()).toBeGreaterThan(Date.now());
  });

  it.each<[string, (good: TestCertificate) => TestCertificate, RegExp]>([
    [
      'no certificate',
      ({ key }) => ({ cert: 'x', key }),
      /^TLS_CERT_FILE .*cert\.pem is no certificate in PEM/,
    ],
    ['no key', ({ cert }) => ({ cert, key: 'x' }), /^TLS_KEY_FILE .*key\.pem is no private key in PEM/],
    [
      'a key with a passphrase',
      ({ cert }) => ({ cert, key: lockedKey() }),
      /^TLS_KEY_FILE .*without a passphrase/,
    ],
    ['the key of another', ({ cert }) => ({ cert, key: another.key }), /^TLS_KEY_FILE .*does not belong/],
  ])('refuses %s, and quotes nothing of the files', (_what, change, expected) => {
    expect(() => read(change(one))).toThrow(StartFailure);
    expect(() => read(change(one))).toThrow(expected);
    expect(() => read(change(one))).not.toThrow(/BEGIN|-----/);
  });

  it('tells which file is not there', () => {
    const certFile = join(folder, 'cert.pem');
    writeFileSync(certFile, one.cert);
    expect(() => readCertificate({ certFile, keyFile: join(folder, 'none.pem') })).toThrow(
      /^TLS_KEY_FILE .*none\.pem cannot be read \(ENOENT\)/,
    );
  });
});

function lockedKey(): string {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return privateKey;
}
