import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TRANSITIONS } from '@task/domain';

const PAGE = readFileSync(resolve(__dirname, '../../../docs/lifecycle.md'), 'utf8');

it('draws every move of the state machine and no other', () => {
  const drawn = [...PAGE.matchAll(/^ +(\w+) --> (\w+): (\w+)/gm)].map(([, from, to, command]) => [
    from,
    command,
    to,
  ]);
  const possible = Object.entries(TRANSITIONS).flatMap(([from, moves]) =>
    Object.entries<readonly string[]>(moves).flatMap(([command, targets]) =>
      targets.map((to) => [from, command, to]),
    ),
  );

  expect(drawn.sort()).toEqual(possible.sort());
});
