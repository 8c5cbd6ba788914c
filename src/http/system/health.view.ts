import { COUNT, FLAG, Shows, ShowsParts, TEXT, TIME } from '../shared/docs/shows';

const CONDITIONS = ['healthy', 'degraded', 'unhealthy'] as const;
/** As it is documented. */
export const CONDITION = { type: 'string', enum: CONDITIONS } as const;
const AMOUNT = { type: 'number', minimum: 0 } as const;

/** Whether something works, as well as it could or not. */
export type Condition = (typeof CONDITIONS)[number];

/** A part of the service. */
export class ComponentHealth {
  @Shows(CONDITION, { description: 'Whether it works' })
  declare readonly status: Condition;
  @Shows(FLAG, { description: 'The same, as a flag' })
  declare readonly healthy: boolean;
  @Shows(AMOUNT, {
    description: 'Milliseconds of its last turn; of the database, of a round trip. Absent before the first',
    optional: true,
  })
  declare readonly response_time?: number;
  @Shows(TIME, { description: 'When it was looked at' })
  declare readonly last_checked: string;
  @Shows(TEXT, { description: 'What is wrong; absent while it works', optional: true })
  declare readonly message?: string;
}

/** The parts that the service really has. */
export class Components {
  @ShowsParts(ComponentHealth, { description: 'Where the tasks are kept' })
  declare readonly database: ComponentHealth;
  @ShowsParts(ComponentHealth, { description: 'What writes', optional: true })
  declare readonly lane?: ComponentHealth;
  @ShowsParts(ComponentHealth, {
    description: 'What frees tasks whose lease or time ran out',
    optional: true,
  })
  declare readonly sweep?: ComponentHealth;
  @ShowsParts(ComponentHealth, { description: 'What lets schedules make their tasks', optional: true })
  declare readonly schedules?: ComponentHealth;
  @ShowsParts(ComponentHealth, { description: 'What answers claims that wait for work', optional: true })
  declare readonly claims?: ComponentHealth;
  @ShowsParts(ComponentHealth, { description: 'What wakes those who follow events', optional: true })
  declare readonly events?: ComponentHealth;
  @ShowsParts(ComponentHealth, {
    description: 'What it may use; degraded while new tasks, lists and statistics are refused',
    optional: true,
  })
  declare readonly memory?: ComponentHealth;
}

/** What the process uses. */
export class Metrics {
  @Shows(TEXT, { description: 'Resident memory' })
  declare readonly memory_usage: string;
  @Shows(AMOUNT, { description: 'Percent of one processor' })
  declare readonly cpu_usage: number;
  @Shows(COUNT, { description: 'Open connections of clients' })
  declare readonly active_connections: number;
  @Shows(COUNT, { description: 'Waiting tasks; null while the database is away', nullable: true })
  declare readonly queue_size: number | null;
}

/** How the service is. */
export class HealthReport {
  @Shows(CONDITION, { description: 'Whether it can work' })
  declare readonly status: Condition;
  @Shows(TIME, { description: 'When it was asked' })
  declare readonly timestamp: string;
  @Shows(TEXT, { description: 'Of the service' })
  declare readonly version: string;
  @Shows(TEXT, { description: 'How long the process runs' })
  declare readonly uptime: string;
  @Shows(
    { type: 'string', enum: ['connected', 'disconnected'] },
    { description: 'Whether the database answers' },
  )
  declare readonly database: 'connected' | 'disconnected';
  @Shows(COUNT, { description: 'Waiting and working tasks; null while the database is away', nullable: true })
  declare readonly active_tasks: number | null;
  @ShowsParts(Components, { description: 'The parts that it has' })
  declare readonly components: Components;
  @ShowsParts(Metrics, { description: 'What it uses' })
  declare readonly metrics: Metrics;
}

/** The answer of a probe, as Terminus gives it. */
export class ProbeReport {
  @Shows(
    { type: 'string', enum: ['ok', 'error', 'shutting_down'] },
    { description: 'Whether the probe passes' },
  )
  declare readonly status: string;
  @Shows({ type: 'object' }, { description: 'What works', optional: true })
  declare readonly info?: object;
  @Shows({ type: 'object' }, { description: 'What does not', optional: true })
  declare readonly error?: object;
  @Shows({ type: 'object' }, { description: 'Both' })
  declare readonly details: object;
}
