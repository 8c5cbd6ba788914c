import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../libs/infrastructure/src/persistence/migrations');

/**
 * SHA-256 of every migration. One that has been merged is never edited: it has run on disks that nobody here sees, and
 * what it is changed to would never run there. Write a new migration, and add its line.
 */
const RELEASED: Readonly<Record<string, string>> = {
  '1764000000000-initial.ts': '7b4c04459099139f64dee2c7275dc532f99206daf0b4dff5daaed4b663a06f85',
  '1764100000000-idempotency-and-workers.ts':
    '041de02d78b2a31b598eb1371c289dce8cf72a8107e29cc9645a1dcd7b4e6684',
  '1764200000000-keys-and-audit.ts': '4c6e76688c7d089a65d018451a817a096acc15de7b583eaf36830a07b17ccaa4',
  '1764210000000-settings.ts': '480a47bead4a928cf2019969803b216e03f4f8bbb497790f11df997a366edf3a',
  '1764220000000-statistics.ts': '22f191dc3e7f97dee2f8e835e40711483f76ca4cbc5087c826e3396cd79b9201',
  '1764300000000-dependencies-and-keys.ts':
    '058850fbeebf57428f47ecf0944c856a0915388bf4f468d796c34ef927880de3',
  '1764350000000-schedules.ts': '992bebc26d0305fd61a68448fdc8cc9639ad0ee6230c8e8c6a0ab84e4f455075',
  '1764400000000-archive.ts': '9edf7c59e4f7f482d872f76508ad8f3d312585ebba81cf7cb98b6623272ec166',
  '1764500000000-rate-buckets.ts': 'cb40d4c9cad4215665393b04be79efba93ff65ad17de3bf264d0fa6ef6dd7d12',
  '1764600000000-tags-by-task.ts': '120c20979dd1992b62faf0469d90f4678c37933c7f517f2929cf8d4bc502dc3c',
  '1764700000000-tags-in-order.ts': 'd4a82d8576fb5328dd6728da3e0f6397521591a40c658d128a3865b8d2248e5d',
};

it('keeps every migration as it was merged', () => {
  const present = readdirSync(FOLDER).sort();
  const sums = present.map((file) => [file, sha256(readFileSync(join(FOLDER, file), 'utf8'))]);
  expect(Object.fromEntries(sums)).toEqual(RELEASED);
});

function sha256(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}
