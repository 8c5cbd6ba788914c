import type { Command } from 'commander';
import type { Act } from '../act';
import { askingCommand, askingGroup } from '../asking-command';
import type { ServiceOptions } from '../at-service';
import { addSchedule, type AddScheduleOptions } from './add-schedule';
import { changeSchedule, enableSchedules, type ChangeScheduleOptions } from './change-schedule';
import { getSchedule, listSchedules } from './read-schedules';
import { addRhythmOptions } from './rhythm-options';
import { addTaskOptions } from './template-options';
import { deleteSchedules, runSchedule, type RunScheduleOptions } from './use-schedule';

const WHICH = 'its name or its id';
const PROMPT = 'what is to be done each time; - reads it from standard input';

/** Adds `schedules …` to a program. */
export function addSchedulesCommands(program: Command, act: Act): void {
  const schedules = askingGroup(program, 'schedules', 'let tasks come again and again');
  addMaking(schedules, act);
  addReading(schedules, act);
  addUsing(schedules, act);
}

function addMaking(schedules: Command, act: Act): void {
  const add = askingCommand(schedules, 'add', 'make a schedule; standard output is its id')
    .argument('<name>', 'its own among all schedules')
    .argument('[prompt]', PROMPT);
  addTaskOptions(addRhythmOptions(add))
    .option('--paused', 'makes no task before it is resumed')
    .option('--idempotency-key <key>', 'makes it once, however often the same command is run')
    .action((named: string, prompt: string | undefined, options: AddScheduleOptions) =>
      act((context) => addSchedule(context, { named, prompt }, options)),
    );
  const change = askingCommand(schedules, 'change', 'change what is named of a schedule; the rest stays')
    .argument('<schedule>', WHICH)
    .argument('[prompt]', PROMPT)
    .option('--name <name>', 'its new name');
  addTaskOptions(addRhythmOptions(change))
    .option('--no-auto-retry', 'its tasks stay failed')
    .action((named: string, prompt: string | undefined, options: ChangeScheduleOptions) =>
      act((context) => changeSchedule(context, { named, prompt }, options)),
    );
}

function addReading(schedules: Command, act: Act): void {
  askingCommand(schedules, 'list', 'list schedules: when each comes next, and came last').action(
    (options: ServiceOptions) => act((context) => listSchedules(context, options)),
  );
  askingCommand(schedules, 'get', 'show everything that is known of a schedule')
    .argument('<schedule>', WHICH)
    .action((named: string, options: ServiceOptions) =>
      act((context) => getSchedule(context, named, options)),
    );
}

function addUsing(schedules: Command, act: Act): void {
  askingCommand(schedules, 'run', 'let a schedule make a task now; standard output is the id of the task')
    .argument('<schedule>', WHICH)
    .option('--idempotency-key <key>', 'makes it once, however often the same command is run')
    .option('--watch', 'follow the task until it has ended')
    .action((named: string, options: RunScheduleOptions) =>
      act((context) => runSchedule(context, named, options)),
    );
  for (const [name, description, enabled] of [
    ['pause', 'let schedules make no tasks by themselves', false],
    ['resume', 'let schedules go on, with their first time from now on', true],
  ] as const) {
    askingCommand(schedules, name, description)
      .argument('<schedule...>', WHICH)
      .action((names: string[], options: ServiceOptions) =>
        act((context) => enableSchedules(context, names, { enabled, options })),
      );
  }
  askingCommand(schedules, 'delete', 'delete schedules; their tasks stay')
    .argument('<schedule...>', WHICH)
    .action((names: string[], options: ServiceOptions) =>
      act((context) => deleteSchedules(context, names, options)),
    );
}
