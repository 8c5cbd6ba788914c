import { TaskTypes } from '@task/domain';
import { policy, RETRY, taskIn } from '../../../../test/support/builders';
import { retryOf } from './retry-of';

const type = (
  name: string,
  baseMs: number | null,
  capMs: number | null,
): ConstructorParameters<typeof TaskTypes>[0] => [
  { name, timeoutSeconds: null, maxRetries: null, backoff: { baseMs, capMs }, payload: null },
];

describe('the waits between attempts', () => {
  it.each([
    ['that of all, for a type that is not registered', 'other', 1, 2, RETRY],
    ['its type’s own', 'ocr', 1, 2, { ...RETRY, baseMs: 1, capMs: 2 }],
    ['its type’s own first wait, with the longest of all', 'ocr', 1, null, { ...RETRY, baseMs: 1 }],
    ['its type’s own longest wait, with the first of all', 'ocr', null, 7, { ...RETRY, capMs: 7 }],
  ])('are %s', (_, taskType, baseMs, capMs, expected) => {
    const rules = policy({ taskTypes: new TaskTypes(type('ocr', baseMs, capMs)) });
    expect(retryOf(rules, taskIn('working', { taskType }))).toEqual(expected);
  });
});
