import { TASK_TYPE_TABLE, taskTypesIn } from './task-type-table';

const paths = (table: unknown): string[] =>
  TASK_TYPE_TABLE.check(table).map(({ path, reason }) => `${path} ${reason}`);

describe('the table of task types', () => {
  it('takes what a type can have, each if it is wanted', () => {
    const table = {
      ocr: {
        timeout: 60,
        max_retries: 0,
        retry_base_seconds: 0.5,
        retry_cap_seconds: 20,
        payload_schema: { required: ['file_path'] },
      },
      plain: {},
    };
    expect(paths(table)).toEqual([]);
    const [ocr, plain] = taskTypesIn(table);
    expect(ocr).toMatchObject({
      name: 'ocr',
      timeoutSeconds: 60,
      maxRetries: 0,
      backoff: { baseMs: 500, capMs: 20_000 },
    });
    expect(ocr?.payload?.check({})).toMatchObject([{ path: '.file_path', reason: 'required' }]);
    expect(plain).toEqual({
      name: 'plain',
      timeoutSeconds: null,
      maxRetries: null,
      backoff: { baseMs: null, capMs: null },
      payload: null,
    });
  });

  it('takes a schema as JSON text too', () => {
    const table = { ocr: { payload_schema: '{"required": ["a"]}' } };
    expect(paths(table)).toEqual([]);
    expect(taskTypesIn(table)[0]?.payload?.check({})).toHaveLength(1);
  });

  it('refuses everything else, and says where', () => {
    const table = {
      'two words': {},
      ocr: { timeout: 0, max_retries: 101, retry_base_seconds: '5', colour: 'red', payload_schema: '{' },
      flat: 7,
      schema: { payload_schema: { type: 'text' } },
    };
    expect(paths(table)).toEqual([
      '.two words bad_format',
      '.ocr.timeout out_of_range',
      '.ocr.max_retries out_of_range',
      '.ocr.retry_base_seconds out_of_range',
      '.ocr.colour not_one_of',
      '.ocr.payload_schema bad_format',
      '.flat not_object',
      '.schema.payload_schema bad_format',
    ]);
  });

  it.each([[[]], ['ocr'], [null]])('refuses %j', (table) => {
    expect(paths(table)).toEqual([' not_object']);
  });
});
