import { Shows, ShowsParts, TEXT, TIME } from '../../shared/docs/shows';

const SECTION = { type: 'object' } as const;

/** The settings of the running service, without secrets. */
export class ConfigurationView {
  @Shows(SECTION, { description: 'Where it listens, and for how long' })
  declare readonly server: object;
  @Shows(SECTION, { description: 'Where the tasks are' })
  declare readonly database: object;
  @Shows(SECTION, { description: 'Who may come in, and how often' })
  declare readonly security: object;
  @Shows(SECTION, { description: 'Leases, retries, prompts, and how much may wait' })
  declare readonly queue: object;
  @Shows(SECTION, { description: 'Tasks that the service itself runs' })
  declare readonly executor: object;
  @Shows(SECTION, { description: 'What is logged' })
  declare readonly logging: object;
  @Shows(SECTION, {
    description: 'Where each value comes from, by its field: default, file, environment or stored',
  })
  declare readonly origins: object;
}

/** A setting that has another value than before. */
export class ConfigurationChangeView {
  @Shows(TEXT, { description: 'Where it stands' })
  declare readonly field: string;
  @Shows({}, { description: 'What it was' })
  declare readonly old_value: unknown;
  @Shows({}, { description: 'What it is' })
  declare readonly new_value: unknown;
}

/** What was changed. */
export class ConfigurationChanged {
  @Shows(TEXT, { description: 'That it was done' })
  declare readonly message: string;
  @ShowsParts([ConfigurationChangeView], {
    description: 'What is different now; a value that held already is not',
  })
  declare readonly changes: readonly ConfigurationChangeView[];
  @Shows(TIME, { description: 'Since when it holds' })
  declare readonly applied_at: string;
}
