import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../test/support/eventually';
import { stubborn, STUBBORN_PROCESSES, untilProcesses } from '../../../test/support/processes';
import { workTask } from '../../../test/support/scripted-source';
import { AttemptEnded, type HandlerContext } from '../runtime/task-handler';
import type { WorkTask } from '../runtime/work-task';
import { commandHandler, type CommandSettings } from './command-handler';
import { ProcessGuard } from './process-guard';

describe('a command that does tasks', () => {
  let folder: string;
  let guard: ProcessGuard;

  beforeAll(() => {
    guard = new ProcessGuard();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'command-')));
  });
  afterAll(() => {
    guard.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const context = (signal = new AbortController().signal): HandlerContext => ({
    signal,
    progress: () => undefined,
  });
  const run = async (
    argv: readonly string[],
    {
      task = {},
      signal,
      watch = guard,
      ...settings
    }: Partial<CommandSettings> & {
      task?: Partial<WorkTask>;
      signal?: AbortSignal;
      watch?: ProcessGuard;
    } = {},
  ): Promise<unknown> => {
    const handle = commandHandler(
      {
        argv,
        input: 'prompt',
        directory: folder,
        roots: [],
        environmentOf: () => ({ PATH: process.env.PATH ?? '' }),
        graceMs: 200,
        ...settings,
      },
      watch,
    );
    return handle(workTask(task), context(signal));
  };

  it('gets the prompt on its standard input', async () => {
    expect(await run(['cat'])).toEqual({ output: 'write the release notes' });
  });

  it('gets the prompt as its last argument, which no shell reads', async () => {
    const task = { prompt: '$(touch x); `y` "z" *' };
    expect(await run(['printf', '%s|%s', 'first'], { input: 'argument', task })).toEqual({
      output: `first|${task.prompt}`,
    });
  });

  it('gets the task as JSON, without the token of its lease', async () => {
    const dependencies = [
      { id: 'one', status: 'completed', result: { pages: 2 }, isCut: false },
      { id: 'two', status: 'completed', result: null, isCut: true },
    ];
    const task = { payload: { pages: 3 }, dependencies };
    expect(await run(['cat'], { input: 'json', task })).toEqual({
      task_id: workTask().id,
      task_type: 'agent_prompt',
      prompt: 'write the release notes',
      work_directory: null,
      payload: { pages: 3 },
      priority: 'medium',
      tags: [],
      metadata: {},
      attempt: 1,
      retry_count: 0,
      timeout_seconds: null,
      dependencies: [
        { task_id: 'one', status: 'completed', result: { pages: 2 } },
        { task_id: 'two', status: 'completed', result: null, cut: true },
      ],
    });
  });

  it('makes files with the rights that its user gives, whatever those of the service are', async () => {
    expect(await run(['sh', '-c', 'umask'], { umask: 0o027 })).toEqual({ output: '0027\n' });
    expect(await run(['sh', '-c', 'umask'])).toEqual({ output: expect.stringMatching(/^0\d{3}\n$/) });
  });

  it('need not read what it gets', async () => {
    expect(await run(['true'], { task: { prompt: 'x'.repeat(10_000) } })).toEqual({ output: '' });
  });

  it('finds its task in its environment, and of the rest what it is given', async () => {
    const { output } = (await run(['env'], {
      environmentOf: () => ({ PATH: process.env.PATH ?? '', OWN: '1' }),
    })) as {
      output: string;
    };
    const names = output.split('\n').map((line) => line.split('=')[0]);

    // Node itself hands on what asks for coverage.
    const unasked = ['PWD', 'NODE_V8_COVERAGE', ''];
    expect(names.filter((name) => !unasked.includes(name ?? '')).sort()).toEqual([
      'OWN',
      'PATH',
      'TASK_ORCHESTRATOR_ATTEMPT',
      'TASK_ORCHESTRATOR_RUN',
      'TASK_ORCHESTRATOR_TASK_ID',
      'TASK_ORCHESTRATOR_TASK_TYPE',
    ]);
  });

  it('fails with the end of its standard error', async () => {
    const script =
      'i=0; while [ $i -lt 2000 ]; do echo "line $i" >&2; i=$((i + 1)); done; echo partly; exit 3';
    await expect(run(['sh', '-c', script])).rejects.toMatchObject({
      message: expect.stringMatching(/^the command ended with exit code 3: …[^]*line 1999$/),
      summary: 'the command ended with exit code 3',
      retryable: true,
      result: { exit_code: 3, signal: null, output: 'partly\n' },
    });
  });

  it('fails for good when there is no such program', async () => {
    await expect(run(['no-such-program'])).rejects.toMatchObject({
      message: expect.stringContaining('not found'),
      retryable: false,
    });
  });

  it('fails when a signal ends it', async () => {
    await expect(run(['sh', '-c', 'kill -SEGV $$'])).rejects.toThrow('was ended by SIGSEGV');
  });

  describe('for a task with a directory', () => {
    beforeAll(() => {
      mkdirSync(join(folder, 'allowed/project'), { recursive: true });
      mkdirSync(join(folder, 'allowed-not'));
      symlinkSync(join(folder, 'allowed-not'), join(folder, 'allowed/way-out'));
      symlinkSync(join(folder, 'allowed'), join(folder, 'link-to-allowed'));
    });

    const runIn = (workDirectory: string, root = 'allowed'): Promise<unknown> =>
      run(['pwd', '-P'], {
        roots: [join(folder, root)],
        task: { workDirectory: join(folder, workDirectory) },
      });

    it.each([
      ['allowed', 'allowed'],
      ['allowed/project', 'allowed'],
      ['allowed/./project/', 'allowed'],
      ['link-to-allowed/project', 'allowed'],
      ['allowed/project', 'link-to-allowed'],
    ])('works in %s below %s', async (directory, root) => {
      expect(await runIn(directory, root)).toEqual({
        output: expect.stringContaining(join(folder, 'allowed')),
      });
    });

    it.each(['allowed-not', 'allowed/../allowed-not', 'allowed/way-out', '.'])(
      'does not work in %s, which is not below it',
      async (directory) => {
        await expect(runIn(directory)).rejects.toMatchObject({
          message: expect.stringContaining('is not below a directory in which work is allowed'),
          retryable: false,
        });
      },
    );

    it('does not work in a directory that there is not', async () => {
      await expect(runIn('allowed/nowhere')).rejects.toThrow('there is no directory');
    });
  });

  describe('and what it has started', () => {
    it('leaves nothing behind when it ends, not even what has left its session', async () => {
      const mark = randomUUID();
      const script = `sh -c 'sleep 600; :' ${mark} & setsid sh -c 'sleep 600; :' ${mark} & echo done`;

      expect(await run(['sh', '-c', script])).toEqual({ output: 'done\n' });
      await untilProcesses(mark, 0);
    });

    it('leaves nothing behind when it is told to end, whatever it thinks of SIGTERM', async () => {
      const mark = randomUUID();
      const end = new AbortController();
      const running = run(stubborn(mark), { signal: end.signal });
      await untilProcesses(mark, STUBBORN_PROCESSES);
      end.abort(new AttemptEnded('timed_out', 'timed out after 1 s'));

      await expect(running).rejects.toThrow('timed out after 1 s');
      await untilProcesses(mark, 0);
    });

    it('is given the time to end well', async () => {
      const end = new AbortController();
      const file = join(folder, randomUUID());
      const script = `trap 'sleep 0.1; echo well > ${file}; exit 0' TERM; echo up > ${file}; while :; do sleep 0.05; done`;
      const running = run(['sh', '-c', script], { signal: end.signal, graceMs: 10_000 });
      await eventually(() =>
        run(['cat', file]).then(
          () => true,
          () => null,
        ),
      );
      end.abort(new AttemptEnded('cancelled', 'the task was cancelled'));

      await expect(running).rejects.toThrow('the task was cancelled');
      expect(await run(['cat', file])).toEqual({ output: 'well\n' });
    });

    it('is given the time to end well also where it has left its session, or its command has ended', async () => {
      const [stray, left] = [join(folder, randomUUID()), join(folder, randomUUID())];
      const endsWell = (file: string): string =>
        `trap "sleep 0.3; echo well > ${file}; exit 0" TERM; echo up > ${file}; while :; do sleep 0.05; done`;
      const script = [
        `setsid sh -c '${endsWell(stray)}' & sh -c '${endsWell(left)}' &`,
        `until [ -s ${stray} ] && [ -s ${left} ]; do sleep 0.05; done`,
        'echo done',
      ];

      expect(await run(['sh', '-c', script.join('\n')], { graceMs: 10_000 })).toEqual({ output: 'done\n' });
      expect(await run(['cat', stray, left])).toEqual({ output: 'well\nwell\n' });
    });

    it('is never started for a task that is over already', async () => {
      const file = join(folder, randomUUID());
      const signal = AbortSignal.abort(new AttemptEnded('cancelled', 'over'));

      await expect(run(['touch', file], { signal })).rejects.toThrow('over');
      await expect(run(['cat', file])).rejects.toThrow('No such file');
    });

    it('is never started when nothing can be started that watches over it', async () => {
      const file = join(folder, randomUUID());
      const watch = new ProcessGuard(join(folder, 'no-shell'));

      await expect(run(['touch', file], { watch })).rejects.toThrow(/watches over the command: .*ENOENT/);
      await expect(run(['cat', file])).rejects.toThrow('No such file');
      await untilProcesses(file, 0);
      watch.close();
    });

    it('gives back every process, timer and handle after a time-out', async () => {
      await run(['true']);
      const mark = randomUUID();
      const before = await eventually(() =>
        Promise.resolve(resources().has('ProcessWrap') ? null : resources()),
      );
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const end = new AbortController();
          const running = run(['sh', '-c', `: ${mark}; sleep 600; :`], { signal: end.signal });
          setTimeout(() => end.abort(new AttemptEnded('timed_out', 'timed out')), 100);
          await expect(running).rejects.toThrow('timed out');
        }),
      );

      await untilProcesses(mark, 0);
      await eventually(() => Promise.resolve(moreThan(before).length === 0 ? true : null));
    });
  });
});

/** What keeps this process busy: how many of each kind, such as processes, pipes and timers. */
function resources(): ReadonlyMap<string, number> {
  const kinds = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  return new Map([...kinds].map(([kind, all]) => [kind, all.length]));
}

function moreThan(before: ReadonlyMap<string, number>): readonly string[] {
  return [...resources()].flatMap(([kind, count]) => (count > (before.get(kind) ?? 0) ? [kind] : []));
}
