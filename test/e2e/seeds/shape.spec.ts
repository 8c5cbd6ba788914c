import { codeBlocksIn, jsonIn } from './code-blocks';
import { shapeFaults } from './shape';

const ID = '550e8400-e29b-41d4-a716-446655440000';
const TIME = '2025-08-18T10:00:00Z';

describe('the comparison with a documented shape', () => {
  it('takes other values of the same types, and further keys', () => {
    const documented = { id: ID, at: TIME, tags: ['a'], nested: { n: 1, flag: true, none: null } };
    const answer = {
      id: 'f47ac10b-58cc-4372-8567-0e02b2c3d479',
      at: '2026-01-02T03:04:05.678Z',
      tags: ['b', 'c'],
      nested: { n: 2.5, flag: false, none: null, more: {} },
    };
    expect(shapeFaults(documented, answer)).toEqual([]);
  });

  it.each([
    [{ a: 1 }, {}, 'answer.a is documented as number, and is undefined'],
    [{ a: 1 }, { a: '1' }, 'answer.a is documented as number, and is string'],
    [{ a: { b: 1 } }, { a: null }, 'answer.a is documented as object, and is null'],
    [{ a: null }, { a: {} }, 'answer.a is documented as null, and is object'],
    [{ a: TIME }, { a: 'yesterday' }, 'answer.a is documented as time, and is string'],
    [{ a: ID }, { a: '7' }, 'answer.a is documented as id, and is string'],
    [
      { a: [{ b: 1 }] },
      { a: [{ b: 1 }, { c: 1 }] },
      'answer.a[1].b is documented as number, and is undefined',
    ],
    [{ a: ['x'] }, { a: [] }, 'answer.a is empty'],
    [{ a: [] }, { a: {} }, 'answer.a is documented as list, and is object'],
  ])('finds what is wrong in %j where the answer is %j', (documented, answer, fault) => {
    expect(shapeFaults(documented, answer)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('the code blocks of a document', () => {
  it('come with their language, the headings they stand under, and the line before them', () => {
    const markdown =
      '# A\n## B\n### C\n```bash\ncurl \\\n  x\n```\n## D\nAn answer:\n\n```json\n{"a": 1\n```\n';
    const blocks = codeBlocksIn(markdown);
    expect(blocks).toEqual([
      { language: 'bash', headings: ['A', 'B', 'C'], label: '### C', code: 'curl \\\n  x' },
      { language: 'json', headings: ['A', 'D'], label: 'An answer:', code: '{"a": 1' },
    ]);
    expect(blocks.slice(1).map(jsonIn)).toEqual([{ a: 1 }]);
  });
});
