import { bad, good, InvalidTask, JsonDocument, TaskTypes, type Rule, type TaskType } from '@task/domain';
import { policy } from '../../../../test/support/builders';
import { underTerms } from './creation-terms';

const HAS_FILE: Rule = {
  schema: { type: 'object' },
  check: (value) =>
    'file' in (value as object)
      ? good()
      : [...bad('required'), { ...bad('breaks_schema')[0], path: '.x' } as never],
};
const OCR: TaskType = {
  name: 'ocr',
  timeoutSeconds: 60,
  maxRetries: 1,
  backoff: { baseMs: null, capMs: null },
  payload: HAS_FILE,
};
const rules = policy({ taskTypes: new TaskTypes([OCR]) });
const payload = JsonDocument.of({ file: 'a.txt' });

describe('the terms under which tasks are created', () => {
  it('leave a task of no registered type as it is', () => {
    expect(underTerms({ taskType: 'anything' }, {}, rules)).toEqual({ taskType: 'anything' });
    expect(underTerms({}, {}, rules)).toEqual({});
  });

  it('prefer what the creator says, then its type, then the door', () => {
    const defaults = { timeoutSeconds: 300, maxRetries: 3, autoRetry: true };
    expect(underTerms({ taskType: 'ocr', payload, maxRetries: 9 }, { defaults }, rules)).toEqual({
      taskType: 'ocr',
      payload,
      timeoutSeconds: 60,
      maxRetries: 9,
      autoRetry: true,
    });
    expect(underTerms({ taskType: 'vector_storage' }, { defaults }, rules)).toMatchObject(defaults);
  });

  it('name every violation of a payload, at every door', () => {
    const refused = (): unknown => underTerms({ taskType: 'ocr', payload: JsonDocument.of({}) }, {}, rules);
    expect(refused).toThrow(InvalidTask);
    expect(refused).toThrow(
      expect.objectContaining({
        violations: [
          expect.objectContaining({ field: 'payload', reason: 'required' }),
          expect.objectContaining({ field: 'payload.x', reason: 'breaks_schema' }),
        ],
      }),
    );
  });

  it('take a payload that is left out for an empty one', () => {
    expect(() => underTerms({ taskType: 'ocr' }, {}, rules)).toThrow(InvalidTask);
  });

  it('refuse a type that is not registered only where the door says so', () => {
    expect(() => underTerms({ taskType: 'other' }, { onlyRegisteredTypes: true }, rules)).toThrow(
      expect.objectContaining({
        violations: [
          { field: 'taskType', reason: 'not_one_of', constraints: { allowed: rules.taskTypes.names } },
        ],
      }),
    );
  });
});
