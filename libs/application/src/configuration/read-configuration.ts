import type { Configuration, ConfigurationEntry } from '../ports/configuration';

/** Tells every setting, where its value comes from, and no secret. */
export class ReadConfiguration {
  constructor(private readonly configuration: Configuration) {}

  execute(): readonly ConfigurationEntry[] {
    return this.configuration.entries();
  }
}
