import { StoreUnavailable } from '@task/application';
import { TaskNotFound } from '@task/domain';
import { QueryFailedError } from 'typeorm';
import { isRepeatable, postgresFault } from './postgres-faults';

const coded = (code: string): Error => Object.assign(new Error(`failed with ${code}`), { code });

describe('postgresFault', () => {
  it.each<[string, string, string]>([
    ['unreachable', 'ECONNREFUSED', 'nobody listens'],
    ['unreachable', 'ENOTFOUND', 'the host has no address'],
    ['unreachable', 'EAI_AGAIN', 'nobody knows the address just now'],
    ['unreachable', 'EHOSTUNREACH', 'no way leads to the host'],
    ['unreachable', '57P03', 'the server is starting'],
    ['unreachable', '3D000', 'the database does not exist'],
    ['overloaded', '53300', 'too many connections'],
    ['overloaded', '55P03', 'a lock did not come free'],
    ['overloaded', '57014', 'a statement took too long'],
    ['overloaded', '40001', 'serialisation failed'],
    ['overloaded', '40P01', 'a deadlock'],
    ['overloaded', '25P03', 'the transaction stood still for too long'],
    ['unknown', '57P01', 'the server is stopping'],
    ['unknown', '57P02', 'the server crashed'],
    ['unknown', '08006', 'the connection failed'],
    ['unknown', '08P01', 'the protocol was violated'],
    ['no_space', '53100', 'the disk is full'],
    ['unknown', '58030', 'I/O error'],
    ['unknown', 'XX000', 'internal error'],
    ['unknown', 'ECONNRESET', 'the connection broke'],
    ['unknown', 'EPIPE', 'the connection is closed'],
    ['unknown', 'ETIMEDOUT', 'nothing came over the connection'],
  ])('is %s for %s: %s', (fault, code) => {
    const error = coded(code);
    expect(postgresFault(error)).toMatchObject({ fault, cause: error });
  });

  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Query read timeout',
  ])('is unknown for what the driver says without a code: %s', (message) => {
    expect(postgresFault(new Error(message))).toMatchObject({ fault: 'unknown' });
  });

  it.each([
    ['overloaded', 'timeout exceeded when trying to connect'],
    ['unreachable', 'Connection terminated due to connection timeout'],
  ])('is %s when there was no connection to ask over: %s', (fault, message) => {
    expect(postgresFault(new Error(message))).toMatchObject({ fault });
  });

  it('looks into what TypeORM throws', () => {
    expect(postgresFault(new QueryFailedError('SELECT 1', [], coded('57P03')))).toMatchObject({
      fault: 'unreachable',
    });
    expect(postgresFault({ driverError: coded('55P03') })).toMatchObject({ fault: 'overloaded' });
  });

  it.each([
    ['a unique key that is taken', coded('23505')],
    ['text that cannot be stored', coded('22021')],
    ['a number too big', coded('22003')],
    ['a wrong statement', coded('42601')],
    ['a refusal', new TaskNotFound('x')],
    ['an error of ours', new Error('a task was changed behind the lock of its transaction')],
    ['no error', undefined],
    ['no error either', 'ECONNREFUSED'],
  ])('is none for %s', (_, error) => {
    expect(postgresFault(error)).toBeNull();
  });

  it('leaves a fault as it is', () => {
    const fault = new StoreUnavailable('closing');
    expect(postgresFault(fault)).toBe(fault);
  });
});

describe('isRepeatable', () => {
  it('says that a deadlock and a failed serialisation are worth another try, and nothing else', () => {
    const codes = ['40001', '40P01', '55P03', '57014', '57P01', '23505', 'ECONNRESET', ''];
    expect(codes.filter((code) => isRepeatable(coded(code)))).toEqual(['40001', '40P01']);
    expect(isRepeatable(new QueryFailedError('SELECT 1', [], coded('40P01')))).toBe(true);
    expect(isRepeatable(null)).toBe(false);
  });
});
