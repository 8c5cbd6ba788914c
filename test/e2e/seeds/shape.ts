const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Where an answer has not the shape of a documented one: the same keys with values of the same type, times and ids
 * included; of a list, every element like the first that is documented. Further keys are no fault.
 */
export function shapeFaults(documented: unknown, answer: unknown, path = 'answer'): string[] {
  if (Array.isArray(documented)) return listFaults(documented, answer, path);
  if (typeof documented === 'object' && documented !== null) {
    return typeOf(answer) === 'object'
      ? Object.entries(documented).flatMap(([key, value]) =>
          shapeFaults(value, (answer as Record<string, unknown>)[key], `${path}.${key}`),
        )
      : [differs(path, 'object', answer)];
  }
  return typeOf(answer) === typeOf(documented) ? [] : [differs(path, typeOf(documented), answer)];
}

function listFaults(documented: readonly unknown[], answer: unknown, path: string): string[] {
  if (!Array.isArray(answer)) return [differs(path, 'list', answer)];
  if (documented.length === 0) return [];
  if (answer.length === 0) return [`${path} is empty`];
  return answer.flatMap((element, index) => shapeFaults(documented[0], element, `${path}[${index}]`));
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'string') return typeof value;
  return TIME.test(value) ? 'time' : UUID.test(value) ? 'id' : 'string';
}

function differs(path: string, documented: string, answer: unknown): string {
  return `${path} is documented as ${documented}, and is ${typeOf(answer)}: ${JSON.stringify(answer)}`;
}
