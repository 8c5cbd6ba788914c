import { BUILT_IN_TASK_TYPES, TaskTypes } from './task-types';

const OCR = {
  name: 'ocr',
  timeoutSeconds: 60,
  maxRetries: 1,
  backoff: { baseMs: null, capMs: null },
  payload: null,
};

describe('the registered types of tasks', () => {
  it('are the built-in ones in the beginning, which leave everything open', () => {
    const types = new TaskTypes();
    expect(types.names).toEqual(BUILT_IN_TASK_TYPES);
    expect(types.find('vector_storage')).toEqual({
      name: 'vector_storage',
      timeoutSeconds: null,
      maxRetries: null,
      backoff: { baseMs: null, capMs: null },
      payload: null,
    });
  });

  it('are joined by those of the operator', () => {
    const types = new TaskTypes([OCR]);
    expect(types.names).toEqual([...BUILT_IN_TASK_TYPES, 'ocr']);
    expect(types.find('ocr')).toBe(OCR);
  });

  it('let the operator say what holds for a built-in one', () => {
    const types = new TaskTypes([{ ...OCR, name: 'health_check' }]);
    expect(types.names).toEqual(BUILT_IN_TASK_TYPES);
    expect(types.find('health_check')).toMatchObject({ timeoutSeconds: 60, maxRetries: 1 });
  });

  it.each(['agent_prompt', 'OCR', '', 'constructor', '__proto__'])('know no %j', (name) => {
    expect(new TaskTypes([OCR]).find(name)).toBeNull();
  });
});
