/**
 * A JSON value that is carried, not looked into: its text is made or read once, and parsed only when somebody asks.
 * Keeps keys such as `__proto__` and `constructor` as they came.
 */
export class JsonDocument {
  private constructor(readonly text: string) {}

  /** From a value that JSON can express; what it cannot express is dropped as `JSON.stringify` does. */
  static of(value: unknown): JsonDocument {
    const text: unknown = JSON.stringify(value);
    return new JsonDocument(typeof text === 'string' ? text : 'null');
  }

  /** From text that is known to be JSON, such as what a store has kept. */
  static fromText(text: string): JsonDocument {
    return new JsonDocument(text);
  }

  /** The value, parsed anew at every call: nobody can change what others see. */
  get value(): unknown {
    return JSON.parse(this.text) as unknown;
  }

  /** Same text; two spellings of one value may differ. */
  equals(other: JsonDocument | null): boolean {
    return other !== null && other.text === this.text;
  }
}

/** Whether both are absent, or both have the same text. */
export function isSameDocument(left: JsonDocument | null, right: JsonDocument | null): boolean {
  return left === null ? right === null : left.equals(right);
}
