import { MISSED_POLICIES, type MissedPolicy } from '@task/domain';
import { Option, type Command } from 'commander';
import { secondsIn } from './interval';

/** When a schedule comes, and what becomes of what it misses. */
export interface RhythmOptions {
  readonly cron?: string;
  readonly every?: number;
  readonly timeZone?: string;
  readonly missed?: MissedPolicy;
}

/** Puts the options down that say when a schedule comes. */
export function addRhythmOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--cron <expression>', 'at the times of it: "30 2 * * 1-5", @daily').conflicts('every'),
    )
    .addOption(new Option('--every <time>', 'every so often: 15m, 1h30m, 900').argParser(secondsIn))
    .option('--time-zone <name>', 'whose clock --cron goes by: Europe/Berlin; otherwise UTC')
    .addOption(
      new Option(
        '--missed <policy>',
        'of times that it has missed: once makes one task for all, skip none',
      ).choices(MISSED_POLICIES),
    );
}

/** The fields that they fill. */
export function rhythmIn({ cron, every, timeZone, missed }: RhythmOptions): object {
  return {
    ...(cron !== undefined && { cron }),
    ...(every !== undefined && { interval_seconds: every }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(missed !== undefined && { missed }),
  };
}
