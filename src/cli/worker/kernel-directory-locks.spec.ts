import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { untilProcesses } from '../../../test/support/processes';
import { KernelDirectoryLocks } from './kernel-directory-locks';

describe('the locks of directories', () => {
  const locks = KernelDirectoryLocks.open();
  const goesOn = new AbortController().signal;

  it('let one in after the other', async () => {
    const directory = `/srv/${randomUUID()}`;
    const leave = await locks.acquire(directory, goesOn);
    leave();
    const leaveAgain = await locks.acquire(directory, goesOn);
    leaveAgain();
  });

  it('end what a killed worker has left in a directory, and nothing else', async () => {
    const [directory, elsewhere] = [`/srv/${randomUUID()}`, `/srv/${randomUUID()}`];
    const left = (where: string, mark: string): void => {
      const env = { PATH: process.env.PATH, ...KernelDirectoryLocks.markOf(where) };
      spawn('sh', ['-c', 'sleep 600; :', mark], { env, detached: true, stdio: 'ignore' }).unref();
    };
    const [here, there] = [randomUUID(), randomUUID()];
    left(directory, here);
    left(elsewhere, there);
    await untilProcesses(here, 1);
    await untilProcesses(there, 1);

    const leave = await locks.acquire(directory, goesOn);
    await untilProcesses(here, 0);
    await untilProcesses(there, 1);
    leave();
    (await locks.acquire(elsewhere, goesOn))();
    await untilProcesses(there, 0);
  });

  it('are not waited for by whoever has given up', async () => {
    const reason = new Error('the task was cancelled');

    await expect(locks.acquire('/srv/project', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
