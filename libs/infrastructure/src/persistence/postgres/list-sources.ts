import type { Position, TaskPageRequest } from '@task/application';
import { rowsOf } from '../list-choices';
import { leadOf, startOf, type Stream } from '../list-plan';
import { isWantedOfStreams, isWantedOfTag } from '../picked';
import type { Statement } from '../stream-statement';
import { nextTagged } from './looked-statement';
import { nextStatement } from './merged-statement';
import type { Plan } from './postgres-list-plans';

/** Tasks that are looked at one after the other, those behind a place. */
export interface Source {
  readonly start: Position | null;
  readonly wanted: Statement;
  /** How many are looked at first, where so many were found before. */
  readonly first: (found: number) => number;
  readonly next: (after: Position | null, most: number) => Statement;
}

/**
 * Where a page is found, in the order of the list: the tasks with some tag, or streams.
 * @param least so many are looked at first where few may be wanted
 */
export function sourcesOf(
  plan: Plan,
  streams: readonly Stream[],
  request: TaskPageRequest,
  least: number,
): readonly Source[] {
  const { filter, sort, after: start } = request;
  const picking = (): number => Math.max(least, 2 * rowsOf(request));
  if (plan.isByTag) {
    const wanted = isWantedOfTag(plan, filter);
    const next: Source['next'] = (after, most) => nextTagged(plan, { filter, sort, after, most });
    return [{ start, wanted, first: picking, next }];
  }
  const isEveryWanted = plan.tags.isOn === null && plan.reading !== 'all';
  // The heads that a page needs are of wanted groups already.
  const wanted = isWantedOfStreams(plan.reading === 'heads' ? { ...plan, groups: null } : plan);
  return byLead(streams, request).map(([begin, together]) => ({
    ...{ start: begin, wanted },
    first: isEveryWanted ? (found) => rowsOf(request) - found : picking,
    next: (after, most) => nextStatement(together, { filter, sort, after, most }),
  }));
}

/** Streams in the order of the list, those of one place in the sort together, and where they begin. */
function byLead(
  streams: readonly Stream[],
  request: TaskPageRequest,
): readonly (readonly [Position | null, readonly Stream[]])[] {
  const { sort } = request;
  const sign = sort.order === 'asc' ? 1 : -1;
  const leads = [...Map.groupBy(streams, (stream) => leadOf(stream, sort))];
  return leads
    .toSorted(([left], [right]) => sign * (left - right))
    .flatMap(([, together]) => {
      const [first] = together;
      const start = first === undefined ? 'done' : startOf(first, request);
      return start === 'done' ? [] : [[start, together] as const];
    });
}
