import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOnPath, isProgram, locatedCommand } from './program';

describe('the program of a command', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'program-'));
    writeFileSync(join(folder, 'agent.sh'), '#!/bin/sh\n');
    chmodSync(join(folder, 'agent.sh'), 0o755);
    writeFileSync(join(folder, 'notes.txt'), '');
    chmodSync(join(folder, 'notes.txt'), 0o644);
    mkdirSync(join(folder, 'folder'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [
      ['./agent.sh', './a'],
      ['/home/me/agent.sh', './a'],
    ],
    [['tools/agent'], ['/home/me/tools/agent']],
    [['../agent'], ['/home/agent']],
    [['/opt/agent'], ['/opt/agent']],
    [
      ['agent', './a'],
      ['agent', './a'],
    ],
  ])('of %j is the one of /home/me, wherever that is run: %j', (command, located) => {
    expect(locatedCommand(command, '/home/me')).toEqual(located);
  });

  it('is a file that can be run', () => {
    const names = ['agent.sh', 'notes.txt', 'folder', 'nothing'];

    expect(names.map((name) => isProgram(join(folder, name)))).toEqual([true, false, false, false]);
    expect(names.map((name) => isOnPath(name, `/nowhere:${folder}`))).toEqual([true, false, false, false]);
  });
});
