import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TRANSITIONS } from '@task/domain';

const PAGE = readFileSync(resolve(__dirname, '../../../docs/lifecycle.md'), 'utf8');
/** Moves that the domain knows and nobody can ask for yet. */
const NOBODY_ASKS = ['release', 'expire', 'time_out'];

it('draws every move of the state machine that can be asked for, and no other', () => {
  const drawn = [...PAGE.matchAll(/^ +(\w+) --> (\w+): (\w+)/gm)].map(([, from, to, command]) => [
    from,
    command,
    to,
  ]);
  const possible = Object.entries(TRANSITIONS).flatMap(([from, moves]) =>
    Object.entries<readonly string[]>(moves)
      .filter(([command]) => !NOBODY_ASKS.includes(command))
      .flatMap(([command, targets]) => targets.map((to) => [from, command, to])),
  );

  expect(drawn.sort()).toEqual(possible.sort());
});

it('names the moves that it does not draw', () => {
  for (const command of NOBODY_ASKS) expect(PAGE).toContain(`\`${command}\``);
});
