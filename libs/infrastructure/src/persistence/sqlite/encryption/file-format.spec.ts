import { createDecipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cipherDriver } from './cipher-driver';
import { unlock } from './unlock';

const KEY = `it's a key of the operator`;
const PAGE = 4096;
const SALT = 16;
const IV = 16;
const HMAC = 64;
const ROUNDS = 256_000;

/** The design of SQLCipher 4, as its authors publish it, read without it. */
describe('an encrypted file', () => {
  let folder: string;
  let page: Buffer;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'format-'));
    const path = join(folder, 'tasks.db');
    const db = new (cipherDriver())(path);
    unlock(db, KEY);
    db.exec('CREATE TABLE tasks (prompt text)');
    db.close();
    page = readFileSync(path).subarray(0, PAGE);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const salt = (): Buffer => page.subarray(0, SALT);
  const key = (): Buffer => pbkdf2Sync(KEY, salt(), ROUNDS, 32, 'sha512');
  const iv = (): Buffer => page.subarray(PAGE - HMAC - IV, PAGE - HMAC);

  it('is the header of a SQLite file, under AES-256-CBC with the derived key', () => {
    const decipher = createDecipheriv('aes-256-cbc', key(), iv()).setAutoPadding(false);
    const plain = decipher.update(page.subarray(SALT, PAGE - HMAC - IV));
    expect(plain.readUInt16BE(0)).toBe(PAGE);
    expect(plain.includes('CREATE TABLE tasks')).toBe(true);
  });

  it('is authenticated by HMAC-SHA512 with a key of its own', () => {
    const hmacKey = pbkdf2Sync(
      key(),
      salt().map((byte) => byte ^ 0x3a),
      2,
      32,
      'sha512',
    );
    const number = Buffer.from([1, 0, 0, 0]);
    const expected = createHmac('sha512', hmacKey)
      .update(page.subarray(SALT, PAGE - HMAC))
      .update(number);
    expect(page.subarray(PAGE - HMAC).equals(expected.digest())).toBe(true);
  });
});
