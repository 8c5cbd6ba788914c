import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryMark, directoryRule } from './directory-rule';

describe('the commands of a directory', () => {
  it('carry its mark when their worker keeps it to itself, by whichever name a task calls it', () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'directory-')));
    const other = `${folder}-link`;
    symlinkSync(folder, other);
    const rule = directoryRule(1);

    expect(Object.keys(directoryMark(rule, folder))).toEqual(['TASK_ORCHESTRATOR_DIRECTORY']);
    expect(directoryMark(rule, other)).toEqual(directoryMark(rule, folder));
    expect(directoryMark(rule, null)).toEqual({});
    rmSync(other);
    rmSync(folder, { recursive: true });
  });

  it.each([undefined, 2])(
    'carry none with --per-directory %s: their worker lives when somebody else takes the directory over',
    (perDirectory) => {
      expect(directoryMark(directoryRule(perDirectory), '/srv/project')).toEqual({});
    },
  );
});
