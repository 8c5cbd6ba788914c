import { readExposition } from './prometheus-text';

const GOOD = `# HELP a_total What it is
# TYPE a_total counter
a_total{route="/x/{id}",odd="a\\"b\\\\c\\nd"} 3
a_total 4

# HELP b b
# TYPE b histogram
b_bucket{le="0.5"} 1
b_bucket{le="+Inf"} 2
b_sum 1.5
b_count 2
`;

describe('readExposition', () => {
  it('reads figures, labels and distributions', () => {
    const families = readExposition(GOOD);
    expect(families.get('a_total')).toEqual({
      ...{ name: 'a_total', help: 'What it is', type: 'counter' },
      samples: [
        { name: 'a_total', labels: { route: '/x/{id}', odd: 'a"b\\c\nd' }, value: 3 },
        { name: 'a_total', labels: {}, value: 4 },
      ],
    });
    expect(families.get('b')?.samples.map(({ value }) => value)).toEqual([1, 2, 1.5, 2]);
  });

  it.each([
    ['an end that is missing', GOOD.trimEnd()],
    ['a figure of nothing', 'a 1\n'],
    ['a figure of another', GOOD.replace('b_sum', 'c_sum')],
    ['a metric that comes twice', GOOD + GOOD],
    ['a figure that comes twice', GOOD.replace('a_total 4', 'a_total 4\na_total 5')],
    ['a number that is none', GOOD.replace('1.5', '1,5')],
    ['labels that are none', GOOD.replace('odd="', 'odd=')],
    ['buckets that do not grow', GOOD.replace('le="0.5"} 1', 'le="0.5"} 3')],
    ['buckets without an end', GOOD.replace('b_bucket{le="+Inf"} 2\n', '')],
    ['buckets that disagree with the count', GOOD.replace('b_count 2', 'b_count 3')],
    ['a counter that counts down', GOOD.replace('a_total 4', 'a_total -4')],
  ])('refuses %s', (_, text) => {
    expect(() => readExposition(text)).toThrow();
  });
});
