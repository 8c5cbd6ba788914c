import type { ProgressReport } from '../runtime/work-source';
import { CapturedOutput, MAX_OUTPUT_BYTES } from './captured-output';

describe('the output of a command', () => {
  let reports: ProgressReport[];
  let output: CapturedOutput;

  beforeEach(() => {
    reports = [];
    output = new CapturedOutput((report) => reports.push(report));
  });

  const written = (...chunks: readonly (string | Buffer)[]): object => {
    for (const chunk of chunks) output.write(Buffer.from(chunk));
    return output.result();
  };

  it('is its text', () => {
    expect(written('one\n', 'two')).toEqual({ output: 'one\ntwo' });
  });

  it('is the JSON object of its last line', () => {
    expect(written('working…\n{"pages": 2}\n{"pages": 3}\n\n')).toEqual({ pages: 3 });
  });

  it('is the JSON object that all of it makes', () => {
    expect(written('{\n  "pages": 3\n}\n')).toEqual({ pages: 3 });
  });

  it.each(['3', '"text"', '[1]', '{broken'])('is text where the last line is %s', (line) => {
    expect(written(line)).toEqual({ output: line });
  });

  it('is nothing where nothing was written', () => {
    expect(written()).toEqual({ output: '' });
  });

  it('takes lines of progress out, however they arrive', () => {
    expect(written('a\n{"progress": 1', '0, "message": "x"}\nb\n{"progress":20}\n')).toEqual({
      output: 'a\nb\n',
    });
    expect(reports).toEqual([{ progress: 10, message: 'x' }, { progress: 20 }]);
  });

  it('leaves alone what only looks like progress', () => {
    expect(written('{"progress": "much"}\n')).toEqual({ progress: 'much' });
    expect(reports).toEqual([]);
  });

  it('keeps characters whole that arrive in pieces', () => {
    const bytes = Buffer.from('日本');
    expect(written(bytes.subarray(0, 2), bytes.subarray(2))).toEqual({ output: '日本' });
  });

  it('is cut at 1 MiB, and says so', () => {
    const result = written('x\n'.repeat(MAX_OUTPUT_BYTES)) as { output: string };

    expect(result).toMatchObject({ truncated: true, output_bytes: 2 * MAX_OUTPUT_BYTES });
    expect(JSON.stringify(result).length).toBeLessThanOrEqual(MAX_OUTPUT_BYTES);
  });

  it('is cut where its JSON would be too long', () => {
    const result = written('\x01'.repeat(400_000)) as { output: string };

    expect(result).toMatchObject({ truncated: true });
    expect(JSON.stringify(result).length).toBeLessThanOrEqual(MAX_OUTPUT_BYTES);
  });

  it('keeps nothing of a line without an end but its beginning', () => {
    for (let chunk = 0; chunk < 20; chunk += 1) output.write(Buffer.alloc(MAX_OUTPUT_BYTES, 'x'));
    const result = output.result();

    expect(result).toMatchObject({ truncated: true, output_bytes: 20 * MAX_OUTPUT_BYTES });
  });

  it('still finds the JSON at the end of what was cut', () => {
    expect(written('x\n'.repeat(MAX_OUTPUT_BYTES), '{"pages": 3}\n')).toEqual({ pages: 3 });
  });
});
