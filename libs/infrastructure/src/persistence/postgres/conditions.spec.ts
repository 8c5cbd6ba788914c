import { Conditions } from './conditions';

describe('Conditions', () => {
  it('is no WHERE when nothing was added', () => {
    const conditions = new Conditions();
    expect(conditions.where).toBe('');
    expect(conditions.values).toEqual([]);
  });

  it('numbers values in the order in which they are bound', () => {
    const conditions = new Conditions();
    conditions.add('a = ?', 'x');
    conditions.add('b BETWEEN ? AND ?', 1, 2);
    conditions.add('c IS NULL');
    expect(conditions.where).toBe('WHERE a = $1 AND b BETWEEN $2 AND $3 AND c IS NULL');
    expect(conditions.values).toEqual(['x', 1, 2]);
  });

  it('leaves out a condition on a value that is not given, and takes null, 0 and nothing for values', () => {
    const conditions = new Conditions();
    conditions.add('a = ?', undefined);
    conditions.add('(b, c) > (?, ?)', 1, undefined);
    conditions.add('d = ?', null);
    conditions.add('e = ?', 0);
    conditions.add('f = ?', '');
    expect(conditions.where).toBe('WHERE d = $1 AND e = $2 AND f = $3');
    expect(conditions.values).toEqual([null, 0, '']);
  });

  it('binds a list as one value', () => {
    const conditions = new Conditions();
    conditions.add('a = ANY(?)', ['x', 'y']);
    expect(conditions.values).toEqual([['x', 'y']]);
  });

  it('does not take a value for a part of the statement', () => {
    const conditions = new Conditions();
    conditions.add('a = ?', "'; DROP TABLE tasks; -- ? $1");
    expect(conditions.where).toBe('WHERE a = $1');
  });

  it('gives a place to a value that belongs to no condition', () => {
    const conditions = new Conditions();
    conditions.add('a = ?', 'x');
    expect(conditions.bind(20)).toBe('$2');
    expect(conditions.values).toEqual(['x', 20]);
  });

  it('shares its values with a part of the statement that has conditions of its own', () => {
    const whole = new Conditions();
    whole.add('a = ?', 1);
    const part = whole.fork();
    part.add('b = ?', 2);
    whole.add('c = ?', 3);
    expect([whole.where, part.where]).toEqual(['WHERE a = $1 AND c = $3', 'WHERE b = $2']);
    expect(whole.values).toEqual([1, 2, 3]);
  });
});
