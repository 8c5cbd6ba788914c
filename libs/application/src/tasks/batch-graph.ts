import { InvalidTask, TASK_RULES, type Reason } from '@task/domain';

/** What a new task says of itself and of those that it depends on. */
export interface GraphNode {
  /** Its name within the batch. */
  readonly ref?: string | undefined;
  /** Ids of stored tasks, and `@name` for tasks of the same batch. */
  readonly dependsOn?: readonly string[] | undefined;
}

/** A task that a new one depends on: one that is stored, or one of the same batch. */
export type GraphEdge = { readonly storedId: string } | { readonly index: number };

/** The tasks of a batch, and who waits for whom. */
export interface BatchGraph {
  /** By the place in the batch: what it depends on, each once. */
  readonly edges: readonly (readonly GraphEdge[])[];
  /** Places in an order in which every task comes behind those of the batch that it depends on. */
  readonly order: readonly number[];
  /** Ids of stored tasks that any of them depends on. */
  readonly storedIds: readonly string[];
}

/**
 * Reads the references of a batch.
 * @throws InvalidTask with the index of the task, for what breaks a rule, a name that is missing or not unique, and for
 * tasks that would wait for themselves
 */
export function graphOf(nodes: readonly GraphNode[]): BatchGraph {
  const places = placesOf(nodes);
  const edges = nodes.map(({ dependsOn = [] }, index) => edgesOf(dependsOn, index, places));
  const storedIds = edges.flat().flatMap((edge) => ('storedId' in edge ? [edge.storedId] : []));
  return { edges, order: orderOf(edges), storedIds: [...new Set(storedIds)] };
}

function placesOf(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [index, { ref }] of nodes.entries()) {
    if (ref === undefined) continue;
    const [fault] = TASK_RULES.reference.check(ref);
    if (fault !== undefined) throw refused(index, 'ref', fault.reason, fault.constraints);
    if (places.has(ref)) throw refused(index, 'ref', 'not_unique');
    places.set(ref, index);
  }
  return places;
}

function edgesOf(
  dependsOn: readonly string[],
  index: number,
  places: ReadonlyMap<string, number>,
): readonly GraphEdge[] {
  if (dependsOn.length === 0) return [];
  const [fault] = TASK_RULES.dependsOn.check(dependsOn);
  if (fault !== undefined) throw refused(index, `dependsOn${fault.path}`, fault.reason, fault.constraints);
  const edges = new Map<string, GraphEdge>();
  for (const [nth, name] of dependsOn.entries()) {
    if (!name.startsWith('@')) edges.set(name.toLowerCase(), { storedId: name.toLowerCase() });
    else {
      const place = places.get(name.slice(1));
      if (place === undefined) throw refused(index, `dependsOn[${nth}]`, 'unknown_reference');
      edges.set(name, { index: place });
    }
  }
  return [...edges.values()];
}

/** Takes those that wait for nobody of the batch, then those that wait for these only, and so on. */
function orderOf(edges: readonly (readonly GraphEdge[])[]): readonly number[] {
  const left = edges.map((of) => of.filter((edge) => 'index' in edge).length);
  const dependents = edges.map((): number[] => []);
  for (const [index, of] of edges.entries()) {
    for (const edge of of) if ('index' in edge) dependents[edge.index]?.push(index);
  }
  const order = left.flatMap((count, index) => (count === 0 ? [index] : []));
  for (const done of order) {
    for (const dependent of dependents[done] ?? []) {
      left[dependent] = (left[dependent] ?? 0) - 1;
      if (left[dependent] === 0) order.push(dependent);
    }
  }
  const stuck = left.findIndex((count) => count > 0);
  if (stuck >= 0) throw refused(stuck, 'dependsOn', 'cyclic');
  return order;
}

function refused(index: number, field: string, reason: Reason, constraints: object = {}): InvalidTask {
  const refusal = new InvalidTask([{ field, reason, constraints: { ...constraints } }]);
  refusal.index = index;
  return refusal;
}
