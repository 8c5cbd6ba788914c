import { TaskFailure, type HandlerContext, type TaskHandler } from '../runtime/task-handler';
import { taskAsJson, type WorkTask } from '../runtime/work-task';
import { CapturedOutput } from './captured-output';
import { taskEnvironment } from './command-environment';
import { runCommand, type CommandEnd } from './command-run';
import type { ProcessGuard } from './process-guard';
import { Tail } from './tail';
import { allowedDirectory, existingDirectory } from './work-directory';

/** How a command gets its task: as JSON or as the prompt on its standard input, or the prompt as its last argument. */
export const COMMAND_INPUTS = ['json', 'prompt', 'argument'] as const;

/** What the operator has written down about a command. */
export interface CommandSettings {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly input: (typeof COMMAND_INPUTS)[number];
  /** Where tasks without a directory are worked on. */
  readonly directory: string;
  /** Below which the directories of tasks have to be. */
  readonly roots: readonly string[];
  readonly environmentOf: (task: WorkTask) => Readonly<Record<string, string>>;
  /** With which it makes files; absent for that of this process. */
  readonly umask?: number | undefined;
  /** Between being asked to end and being killed. */
  readonly graceMs: number;
}

const ERROR_TAIL_BYTES = 4096;
const FOUND_NOTHING = 127;
const FOUND_NO_PROGRAM = 126;

/** Does tasks by running a command for each. */
export function commandHandler(settings: CommandSettings, guard: ProcessGuard): TaskHandler {
  return (task, context) => new CommandWork(settings, guard, task, context).run();
}

class CommandWork {
  private readonly output: CapturedOutput;
  private readonly errors = new Tail(ERROR_TAIL_BYTES);

  constructor(
    private readonly settings: CommandSettings,
    private readonly guard: ProcessGuard,
    private readonly task: WorkTask,
    private readonly context: HandlerContext,
  ) {
    this.output = new CapturedOutput(({ progress, message }) => context.progress(progress, message));
  }

  async run(): Promise<object> {
    const { argv, environmentOf, umask, graceMs } = this.settings;
    const { signal } = this.context;
    const [input, more] = this.input();
    const line = {
      argv: [...argv, ...more],
      directory: this.directory(),
      environment: { ...environmentOf(this.task), ...taskEnvironment(this.task) },
      umask,
      input,
    };
    const readers = {
      onOutput: (chunk: Buffer) => this.output.write(chunk),
      onErrors: (chunk: Buffer) => this.errors.write(chunk),
    };
    const end = await runCommand(line, readers, { guard: this.guard, graceMs, signal });
    signal.throwIfAborted();
    if (!end.isClean) throw new Error('what the command has started could not be ended');
    return this.settled(end);
  }

  private input(): [input: string, more: readonly string[]] {
    const prompt = this.task.prompt ?? '';
    switch (this.settings.input) {
      case 'json':
        return [`${JSON.stringify(taskAsJson(this.task))}\n`, []];
      case 'prompt':
        return [prompt, []];
      case 'argument':
        return ['', [prompt]];
    }
  }

  private directory(): string {
    const { directory, roots } = this.settings;
    const { workDirectory } = this.task;
    return workDirectory === null ? existingDirectory(directory) : allowedDirectory(workDirectory, roots);
  }

  private settled({ code, signal }: CommandEnd): object {
    if (code === 0) return this.output.result();
    const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with exit code ${code}`;
    const tail = this.errors.text();
    const why = tail === '' ? 'it wrote nothing to its standard error' : tail;
    // A program that is not there will not be there the next time either.
    const retryable = code !== FOUND_NOTHING && code !== FOUND_NO_PROGRAM;
    throw new TaskFailure(`the command ${how}: ${why}`, {
      summary: `the command ${how}`,
      retryable,
      result: { exit_code: code, signal, ...this.output.result() },
    });
  }
}
