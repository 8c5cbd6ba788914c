import { setFlagsFromString } from 'node:v8';
import 'reflect-metadata';
import { run } from './cli/run';

/** Prompts and keys are nobody else's business: whatever this process makes is for its owner only. */
const OWNER_ONLY = 0o077;

/**
 * What a message of MCP makes outlives the young generation, though nobody refers to it any more. V8 lets the old one
 * grow to several times its size before it looks there; at half as much again memory stays flat under load.
 */
const HEAP_GROWTH = '--heap-growing-percent=50';

setFlagsFromString(HEAP_GROWTH);
process.umask(OWNER_ONLY);
void run(process.argv.slice(2), { env: process.env, cwd: process.cwd() }).then((code) => {
  process.exit(code);
});
