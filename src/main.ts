import './heap-flags';
import 'reflect-metadata';
import { run } from './cli/run';

/** Prompts and keys are nobody else's business: whatever this process makes is for its owner only. */
const OWNER_ONLY = 0o077;

const umask = process.umask(OWNER_ONLY);
void run(process.argv.slice(2), { env: process.env, cwd: process.cwd(), umask }).then((code) => {
  process.exit(code);
});
