import { QueryFailedError } from 'typeorm';
import { describeError } from './describe-error';

const PROMPT = 'what the caller must be able to trust us with';

/** What the driver of PostgreSQL throws. */
const postgresError = (code: string, message: string): Error =>
  Object.assign(new Error(message), {
    name: 'error',
    severity: 'ERROR',
    code,
    detail: `Key (prompt)=(${PROMPT})`,
  });

const queryFailed = (driverError: Error): QueryFailedError =>
  new QueryFailedError('INSERT INTO task_bodies (prompt) VALUES ($1)', [PROMPT], driverError);

describe('describeError', () => {
  it('tells type, message, code and the frames of the stack', () => {
    const error = Object.assign(new TypeError('two\n    at the top'), { code: 'E_TWO' });

    const described = describeError(error);

    expect(described).toEqual({
      type: 'TypeError',
      message: error.message,
      code: 'E_TWO',
      stack: expect.any(String),
    });
    expect(described.stack?.split('\n').every((line) => /^at \S/.test(line))).toBe(true);
    expect(described.stack).not.toContain('the top');
  });

  it('tells the causes too', () => {
    const error = new Error('outer', { cause: new AggregateError([new Error('first'), 'second'], 'inner') });

    expect(describeError(error)).toMatchObject({
      cause: { message: 'inner', errors: [{ message: 'first' }, { type: 'string', message: 'second' }] },
    });
  });

  it('comes to an end with causes that go round', () => {
    const error = new Error('round');
    error.cause = error;

    expect(JSON.stringify(describeError(error)).length).toBeLessThan(50_000);
  });

  it.each([
    ['a value that PostgreSQL quotes', queryFailed(postgresError('22P02', `invalid input: "${PROMPT}"`))],
    ['an error of PostgreSQL that is not wrapped', postgresError('22P02', `invalid input: "${PROMPT}"`)],
    ['an error without a code', queryFailed(new Error(`something about ${PROMPT}`))],
    [
      'a cause',
      new Error('the store gave no answer', { cause: queryFailed(postgresError('22001', PROMPT)) }),
    ],
    ['a constraint', queryFailed(postgresError('23505', 'duplicate key value violates "tasks_pkey"'))],
  ])('never tells the parameters of a query: %s', (_, error) => {
    expect(JSON.stringify(describeError(error))).not.toContain(PROMPT);
  });

  it.each([
    ['23505', 'duplicate key value violates unique constraint "tasks_pkey"'],
    ['28P01', 'password authentication failed for user "app"'],
    ['57P03', 'the database system is starting up'],
  ])('tells the message of %s, which holds no value', (code, message) => {
    expect(describeError(postgresError(code, message))).toMatchObject({ code, message });
  });

  it('tells the message of an error of SQLite, which holds no value', () => {
    const error = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });

    expect(describeError(queryFailed(error))).toMatchObject({
      type: 'QueryFailedError',
      code: 'SQLITE_FULL',
      message: 'database or disk is full',
    });
  });

  it('takes anything that can be thrown', () => {
    expect(describeError(null)).toEqual({ type: 'object', message: 'null' });
    expect(describeError('text')).toEqual({ type: 'string', message: 'text' });
    expect(describeError({})).toEqual({ type: 'Error', message: '' });
    expect(describeError('x'.repeat(5000)).message.length).toBeLessThan(1100);
  });
});
