import { TaskStore } from '@task/application';
import type { TaskState } from '@task/domain';

/** As many as the protocol takes. */
const MOST_VALUES = 100;
/** Tasks whose words are offered: the latest are the likeliest. */
const LOOKED_AT = 200;

const VALUES: Readonly<Record<string, (state: TaskState) => readonly (string | null)[]>> = {
  work_directory: ({ workDirectory }) => [workDirectory],
  tags: ({ tags }) => tags,
  task_type: ({ taskType }) => [taskType],
};

/** Completes what people type into the arguments of a prompt, from the latest tasks. */
export class Completions {
  constructor(private readonly tasks: TaskStore) {}

  /** @param typed what is there already; of tags, the last after a comma counts */
  async of(argument: string, typed: string): Promise<readonly string[]> {
    const valuesIn = VALUES[argument];
    if (valuesIn === undefined) return [];
    const { tasks } = await this.tasks.list({
      filter: {},
      sort: { by: 'created_at', order: 'desc' },
      limit: LOOKED_AT,
      offset: 0,
      after: null,
    });
    const [, before = '', start = ''] =
      argument === 'tags' ? (/^(.*,\s*)?([^,]*)$/s.exec(typed) ?? []) : ['', '', typed];
    const found = tasks.flatMap(({ state }) => valuesIn(state)).filter((value) => value !== null);
    const fitting = [...new Set(found)].filter((value) =>
      value.toLowerCase().startsWith(start.toLowerCase()),
    );
    return fitting.slice(0, MOST_VALUES).map((value) => before + value);
  }
}
