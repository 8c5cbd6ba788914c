/** Collects the conditions of a statement and the values that they bind, numbered as PostgreSQL wants them. */
export class Conditions {
  private readonly conditions: string[] = [];

  constructor(readonly values: unknown[] = []) {}

  /** Conditions of a part of the same statement: their own WHERE, shared values. */
  fork(): Conditions {
    return new Conditions(this.values);
  }

  /** Adds a condition; one that binds an undefined value is left out. */
  add(condition: string, ...values: readonly unknown[]): void {
    if (values.includes(undefined)) return;
    const places = values.map((value) => this.bind(value));
    let next = 0;
    this.conditions.push(condition.replaceAll('?', () => places[next++] ?? '?'));
  }

  /** Binds a value and returns its place, `$3`. */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  get where(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }
}
