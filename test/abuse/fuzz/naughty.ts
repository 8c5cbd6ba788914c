const DEEP = 60;

/** Texts that have broken programs: of SQL, shells, templates, paths, encodings, numbers and dates. */
export const NAUGHTY_TEXTS: readonly string[] = [
  ...['', ' ', '\t\n', '\u0000', 'a\u0000b', '\u001b[31m', '\u007f', '\u2028', '\ufeff', '\u202egnp.exe'],
  ...['\ud800', '\udc00\ud800', 'a\u0301\u0301\u0301', '👩‍👩‍👧‍👦', 'ﷺ', 'İ', 'ß', '\u{10ffff}'],
  ...[
    "' OR '1'='1",
    "'; DROP TABLE tasks; --",
    '" OR ""="',
    "1); ATTACH DATABASE 'x' AS y; --",
    '\\',
    '%',
    '_%',
  ],
  ...[
    '(SELECT CASE WHEN (1=1) THEN created_at ELSE status END)',
    'created_at; --',
    'created_at desc, 1',
    '`id`',
  ],
  ...['$(sleep 9)', '`sleep 9`', '{{7*7}}', '${7*7}', '<script>alert(1)</script>', '%s%s%n', '%00', '%ff'],
  ...['..', '.', '../../etc/passwd', '..\\..\\x', '//', '/', 'C:\\', '\\\\host\\share', 'file:///etc/passwd'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'undefined', 'null', 'NaN'],
  ...[
    'true',
    '0',
    '-1',
    '-0',
    '+1',
    '1e3',
    '0x10',
    '1.0',
    '1_000',
    '٣',
    '9007199254740993',
    '1e400',
    '9'.repeat(400),
  ],
  ...['2025-02-30T00:00:00Z', '0000-00-00T00:00:00Z', '+275760-09-13T00:00:00.001Z', '2025-08-18', '24:00'],
  ...[
    '9999-12-31T23:59:59.999Z',
    '1970-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2025-08-18T00:00:00+99:99',
  ],
  ...['a'.repeat(101), 'ä'.repeat(513), '😀'.repeat(10_001), 'x\r\nSet-Cookie: a=b'],
];

/** Values of every type, to stand where another belongs. */
export const NAUGHTY_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -0,
    -1,
    1.5,
    101,
    1e21,
    1e308,
    -1e308,
    2 ** 31,
    2 ** 53,
    -(2 ** 53) - 2,
    Number.MIN_VALUE,
  ],
  ...[[], {}, [[]], [null], [{}], ['a', 'a'], new Array<number>(2_000).fill(0), { length: 3 }, { '': '' }],
  ...nested(DEEP),
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  JSON.parse('{"toString":1,"valueOf":null,"toJSON":"x","then":{},"hasOwnProperty":[]}'),
];

/** Names that a field may have by malice. */
export const NAUGHTY_KEYS: readonly string[] = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'toJSON',
    'then',
    'length',
  ],
  ...['', ' ', '\u0000', '\ud800', 'Status', 'id', 'seq', 'version', 'lease_token ', 'a.b', 'a[0]', '$where'],
  ...['x'.repeat(5_000), '😀', 'ﷺ', "'; --"],
];

/** What is no JSON, or no JSON that can be taken, as bytes. */
export const NAUGHTY_BODIES: readonly Buffer[] = [
  ...[
    '',
    ' ',
    '{',
    '}',
    '[]',
    '[{}]',
    'null',
    'true',
    '0',
    '"a"',
    '{}',
    '{"a":}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":1}}',
  ],
  ...[
    '\ufeff{}',
    'undefined',
    'NaN',
    '{"a":1e999}',
    '{"a":01}',
    '{"a":"\u0001"}',
    '{"a":"\\ud800"}',
    '// x',
    '{"a":"\\x"}',
  ],
  ...['['.repeat(20_000), `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, `[${'[],'.repeat(5_000)}[]]`],
  ...[`{"a":${'9'.repeat(10_000)}}`, `{"a":"${'a'.repeat(70_000)}"}`, '{"a":1,"a":2,"__proto__":{"x":1}}'],
  ...[`{${Array.from({ length: 3_000 }, (_, index) => `"k${index}":0`).join()}}`],
]
  .map((text) => Buffer.from(text))
  .concat([
    Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
    Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc0, 0x80, 0x22, 0x7d]),
    Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
    Buffer.from('{}', 'utf16le'),
  ]);

/** What a query can be that is no list of names and values. */
export const NAUGHTY_QUERIES: readonly string[] = [
  ...[
    '',
    '&',
    '&&&=',
    '=',
    '=x',
    'x',
    '%',
    '%zz',
    '%00',
    '%ff=%fe',
    'a=%C0%80',
    'a=%ED%A0%80',
    '+',
    '?',
    'a=1;b=2',
  ],
  ...[
    '__proto__[x]=1',
    '__proto__=1',
    'constructor[prototype][x]=1',
    'a[]=1&a[]=2',
    'a[b][c]=1',
    'limit[$gt]=1',
  ],
  ...['limit=1&limit=2', 'limit=10&LIMIT=1', 'x=1&'.repeat(500), `x=${'y'.repeat(10_000)}`, 'limit=%31%30'],
];

function nested(depth: number): unknown[] {
  let list: unknown = 1;
  let object: unknown = 1;
  for (let level = 0; level < depth; level += 1) {
    list = [list];
    object = { a: object };
  }
  return [list, object];
}
