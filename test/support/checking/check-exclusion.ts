import type { Deed } from './deeds';
import type { Finding, FindingKind } from './finding';
import type { Observed } from './observed';

/** Where two were given, or did, what only one can have. */
export function checkExclusion(deeds: readonly Deed[], { transitions }: Observed): Finding[] {
  const told = deeds.filter(({ is }) => is === 'ok');
  const claims = told.filter(({ kind }) => kind === 'claim');
  const completions = told.filter(({ kind }) => kind === 'complete');
  const completed = transitions.filter(({ to }) => to === 'completed');
  const attempts = claims.filter(({ attempt }) => attempt !== undefined);
  const tokens = claims.filter(({ token }) => token !== undefined);
  return [
    ...twice(
      'one_lease_twice',
      attempts,
      ({ taskId, attempt }) => `attempt ${attempt ?? 0} of ${taskId ?? ''}`,
    ),
    ...twice('one_lease_twice', tokens, ({ token }) => `token ${token ?? ''}`),
    ...twice('done_twice', completions, ({ taskId }) => `acknowledged completion of ${taskId ?? ''}`),
    ...twice('done_twice', completed, ({ taskId }) => `completion in the history of ${taskId}`),
  ];
}

function twice<T extends { readonly taskId?: string | undefined }>(
  kind: FindingKind,
  items: readonly T[],
  nameOf: (item: T) => string,
): Finding[] {
  return [...Map.groupBy(items, nameOf)].flatMap(([name, same]) =>
    same.length < 2 ? [] : [{ kind, taskId: same[0]?.taskId ?? null, says: `${name}: ${same.length} times` }],
  );
}
