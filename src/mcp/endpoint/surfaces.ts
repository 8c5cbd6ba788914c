import { Injectable } from '@nestjs/common';
import { mergeCapabilities, type ServerCapabilities } from '@modelcontextprotocol/server';
import type { Surface } from './surface';

/** Everything that is offered, in the order in which it was added. */
@Injectable()
export class Surfaces {
  private readonly added: Surface[] = [];

  add(surface: Surface): void {
    this.added.push(surface);
  }

  get capabilities(): ServerCapabilities {
    return this.added.reduce<ServerCapabilities>(
      (all, { capabilities }) => mergeCapabilities(all, capabilities),
      {},
    );
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
