import { atService, type ServiceOptions } from '../at-service';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { standardOutput } from '../output';
import { json, lines } from '../terminal-text';
import { pathOf, type ApiTask } from './api-task';

/** Of the names of most fields; those of a task with a longer one are set apart by more. */
const LABEL_COLUMNS = 18;

/** Shows everything that is known of a task. */
export function getTask(context: CommandContext, id: string, options: ServiceOptions): Promise<number> {
  return atService(options, context, async (service) => {
    const task = await service.ask<ApiTask>('GET', pathOf(id));
    standardOutput().line(options.json === true ? json(task) : described(task));
    return EXIT.ok;
  });
}

/** A line for each field that has a value; what has several lines is indented below its name. */
export function described(task: object): string {
  const told = Object.entries(task).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  const columns = told.reduce((most, [name]) => Math.max(most, `${name}: `.length), LABEL_COLUMNS);
  return told.map(([name, value]) => entry(name, textOf(value), columns)).join('\n');
}

function entry(name: string, text: string, columns: number): string {
  const label = `${name}:`;
  if (!text.includes('\n')) return `${label.padEnd(columns)}${text}`;
  return `${label}\n${text.replace(/^/gm, '    ')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? lines(value) : json(value, Array.isArray(value) ? null : 2);
}
