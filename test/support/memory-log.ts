import { Writable } from 'node:stream';
import { NestLogger, openLog } from '@task/infrastructure';
import type { HttpSettings } from '../../src/http/service-core';

/** The log of a service, as it would be written to a file. */
export class MemoryLog {
  private written = '';
  private readonly opened = openLog({
    level: 'debug',
    format: 'json',
    file: null,
    out: new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.written += chunk.toString();
        done();
      },
    }),
  });

  /** Where a service logs. */
  get settings(): Required<Pick<HttpSettings, 'logger' | 'requestLines'>> {
    return { logger: new NestLogger(this.opened.log), requestLines: this.opened.requests };
  }

  get text(): string {
    return this.written;
  }

  /** The lines of requests. */
  get requests(): readonly Readonly<Record<string, unknown>>[] {
    return this.written
      .split('\n')
      .filter((line) => line.endsWith('"msg":"request"}'))
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }
}
