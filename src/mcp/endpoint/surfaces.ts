import { Injectable } from '@nestjs/common';
import type { ServerCapabilities } from '@modelcontextprotocol/server';
import type { Surface } from './surface';

/** Everything that is offered, in the order in which it was added. */
@Injectable()
export class Surfaces {
  private readonly added: Surface[] = [];

  add(surface: Surface): void {
    this.added.push(surface);
  }

  /** Of each of them. */
  get capabilities(): readonly ServerCapabilities[] {
    return this.added.map(({ capabilities }) => capabilities);
  }

  /** What all of them have. */
  all<T>(list: (surface: Surface) => readonly T[]): T[] {
    return this.added.flatMap((surface) => [...list(surface)]);
  }

  each(visit: (surface: Surface) => void): void {
    this.added.forEach(visit);
  }

  /** The answer of the first that knows it; null when none does. */
  async first<T>(ask: (surface: Surface) => Promise<T | null>): Promise<T | null> {
    for (const surface of this.added) {
      const answer = await ask(surface);
      if (answer !== null) return answer;
    }
    return null;
  }
}
