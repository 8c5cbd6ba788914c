import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts text that comes in pieces into lines: at line feeds, and nowhere else. JSON may hold U+2028 and U+2029 as they
 * are, where `node:readline` ends a line too.
 */
export class Lines {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  write(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  /** What comes last may have no line feed behind it. */
  end(): void {
    this.take(this.decoder.end());
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
  }

  private take(text: string): void {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      const line = this.rest + text.slice(from, at);
      this.rest = '';
      from = at + 1;
      this.onLine(line);
    }
    this.rest += text.slice(from);
  }
}
