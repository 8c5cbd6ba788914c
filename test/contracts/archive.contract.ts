import { describeChanges } from './archive/changing';
import { describeDependencies } from './archive/depending';
import { describeReading } from './archive/reading';
import { describeTaking } from './archive/taking';
import { useStore, type Abilities, type OpenedStore } from './subject';

/** What every archive has to do. */
export function describeArchive(name: string, open: () => Promise<OpenedStore>, can: Abilities): void {
  describe(`Archive ${name}`, () => {
    const subject = useStore(open);

    describeTaking(subject, can);
    describeReading(subject, can);
    describeChanges(subject);
    describeDependencies(subject);
  });
}
