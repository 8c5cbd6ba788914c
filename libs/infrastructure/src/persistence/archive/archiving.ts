import type { EpochMs } from '@task/domain';
import type { ArchiveCommand, Command } from '../commands';
import { planStep, type PlannedStep } from './archive-step';
import type { ArchiveTables } from './archive-tables';

/**
 * What a group of commands archives. Planned when all other tasks of the group are locked, and carried out when they
 * are written: instances that archive and write at the same time cannot deadlock.
 */
export class Archiving {
  private readonly planned: { readonly command: ArchiveCommand; readonly step: PlannedStep }[] = [];

  /** @param isInUse whether the group has to do with a task otherwise */
  constructor(
    private readonly tables: ArchiveTables,
    private readonly isInUse: (seq: number) => boolean,
  ) {}

  async plan(commands: readonly Command[], now: EpochMs): Promise<void> {
    const taken = new Set<number>();
    for (const command of commands) {
      if (command.kind !== 'archive') continue;
      const step = await planStep(this.tables, command, (seq) => taken.has(seq) || this.isInUse(seq), now);
      for (const seq of step.seqs) taken.add(seq);
      this.planned.push({ command, step });
    }
  }

  async carryOut(now: EpochMs): Promise<void> {
    for (const { command, step } of this.planned) {
      const { seqs, readTo, hasMore } = step;
      if (seqs.length > 0) await this.tables.move(seqs, now);
      command.report({ archived: seqs.length, readTo, hasMore });
    }
  }
}
