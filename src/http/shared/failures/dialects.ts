import type { FactoryProvider, Provider, Type } from '@nestjs/common';
import { StableFailures, type FailureRenderer } from './failure-renderer';

/** One way to speak to the queue: the paths that are its own, and how it words failures. */
export interface Dialect {
  /** The first part of its paths: `/task-manager`. What no dialect owns belongs to the one with ''. */
  readonly under: string;
  readonly failures: Type<FailureRenderer>;
}

type Worded = readonly [under: string, renderer: FailureRenderer];

/** Finds the words for a failure by the path of the request. */
export class FailureRenderers {
  constructor(
    private readonly owned: readonly Worded[],
    private readonly everythingElse: FailureRenderer,
  ) {}

  /** @param path of a request, spelled as freely as the router matches */
  of(path: string): FailureRenderer {
    const asked = path.toLowerCase();
    const owner = this.owned.find(([under]) => asked === under || asked.startsWith(`${under}/`));
    return owner?.[1] ?? this.everythingElse;
  }
}

/** What offers {@link FailureRenderers} for these dialects; exactly one of them is under '', and has the stable codes. */
export function failureRenderers(dialects: readonly Dialect[]): Provider[] {
  const factory: FactoryProvider<FailureRenderers> = {
    provide: FailureRenderers,
    inject: dialects.map(({ failures }) => failures),
    useFactory: (...made: FailureRenderer[]) => {
      const worded = made.map((renderer, index): Worded => [dialects[index]?.under ?? '', renderer]);
      const rest = worded.find(([under]) => under === '');
      if (rest === undefined) throw new Error('no dialect owns the other paths');
      return new FailureRenderers(
        worded.filter(([under]) => under !== ''),
        rest[1],
      );
    },
  };
  const rest = dialects.find(({ under }) => under === '');
  const stable = rest === undefined ? [] : [{ provide: StableFailures, useExisting: rest.failures }];
  return [...dialects.map(({ failures }) => failures), ...stable, factory];
}
