import { TASK_RULES } from '@task/domain';
import { fieldNameOf, itemFieldOf } from './field-names';

describe('fieldNameOf', () => {
  it('calls the core’s fields as the document does', () => {
    expect(['workDirectory', 'availableAt', 'maxRetries', 'leaseToken'].map(fieldNameOf)).toEqual([
      'work_directory',
      'schedule_for',
      'max_retries',
      'lease_token',
    ]);
  });

  it('keeps what points into a field', () => {
    expect(fieldNameOf('tags[3]')).toBe('tags[3]');
    expect(fieldNameOf('workDirectory[0]')).toBe('work_directory[0]');
  });

  it('leaves other names as they are, those of objects too', () => {
    expect(['prompt', 'constructor', '', '[1]'].map(fieldNameOf)).toEqual([
      'prompt',
      'constructor',
      '',
      '[1]',
    ]);
  });

  it('says which of several tasks a field belongs to', () => {
    expect(itemFieldOf(3, 'maxRetries')).toBe('tasks[3].max_retries');
    expect(itemFieldOf(0, 'tags[1]')).toBe('tasks[0].tags[1]');
  });

  it('names the fields of a template within it', () => {
    expect(['task.workDirectory', 'task.tags[2]'].map(fieldNameOf)).toEqual([
      'task.work_directory',
      'task.tags[2]',
    ]);
  });

  it('leaves no field of the core in its own spelling', () => {
    const canonical = Object.keys(TASK_RULES).filter(
      (name) => !['priorityBand', 'priorityLevel', 'resultObject'].includes(name),
    );
    for (const name of canonical) expect(fieldNameOf(name)).toMatch(/^[a-z_]+$/);
  });
});
