import { BUILTIN_TASK_TYPES, builtinNamed, builtinTaskType } from './builtin-task-types';
import { TASK_RULES } from './task-rules';

describe('the service’s own task types', () => {
  it.each(BUILTIN_TASK_TYPES)('has %s under its full name, which is a task type, and back', (name) => {
    const taskType = builtinTaskType(name);

    expect(TASK_RULES.taskType.check(taskType)).toEqual([]);
    expect(builtinNamed(taskType)).toBe(name);
  });

  it.each(['echo', 'builtin.', 'builtin.other', 'agent_prompt'])('leaves %s to others', (taskType) => {
    expect(builtinNamed(taskType)).toBeNull();
  });
});
