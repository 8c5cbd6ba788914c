import { spawnSync } from 'node:child_process';

const INSISTS = process.env.SKIP_NOTHING === '1';

/** A case of Jest. */
type Case = (title: string, run: () => Promise<void>) => void;

/**
 * `it` where nothing is missing. Where something is, the case is skipped and says so in its title; with
 * SKIP_NOTHING=1 it fails instead.
 */
export function itNeeding(...needed: readonly (string | null)[]): Case {
  const missing = needed.filter((each) => each !== null).join(', ');
  if (missing === '') return (title, run) => it(title, run);
  if (!INSISTS) console.warn(`Skipped, since ${missing}. SKIP_NOTHING=1 makes this a failure.`);
  const itOrNot = INSISTS ? it : it.skip;
  return (title) => itOrNot(`${title} [needs what is missing: ${missing}]`, () => expect(missing).toBe(''));
}

/** Why a program cannot be run here, or null. */
export function missingProgram(command: string, args: readonly string[] = ['--version']): string | null {
  const { status } = spawnSync(command, args);
  return status === 0 ? null : `there is no ${command} that answers ${args.join(' ')}`;
}
