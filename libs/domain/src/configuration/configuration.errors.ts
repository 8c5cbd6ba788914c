import { DomainError } from '../domain-error';
import type { Violation } from '../rules/rule';

/** Settings that are to be changed break their rules, or there are none of these names. Nothing was changed. */
export class ConfigurationInvalid extends DomainError {
  readonly code = 'config.invalid';
  constructor(readonly violations: readonly Violation[]) {
    super(`invalid settings: ${violations.map(({ field, reason }) => `${field} ${reason}`).join(', ')}`);
  }
}

/** Settings that are to be changed are read at the start only. Nothing was changed. */
export class ConfigurationNeedsRestart extends DomainError {
  readonly code = 'config.needs_restart';
  /** @param settings each with its field of the configuration and the name of its environment variable */
  constructor(readonly settings: readonly { readonly field: string; readonly name: string }[]) {
    super(`settings that need a restart: ${settings.map(({ name }) => name).join(', ')}`);
  }
}

/** Each setting is allowed, but not beside the others. Nothing was changed. */
export class ConfigurationContradictory extends DomainError {
  readonly code = 'config.contradictory';
  /** @param problems each in one sentence, for the operator */
  constructor(readonly problems: readonly string[]) {
    super(`contradictory settings: ${problems.join('; ')}`);
  }
}

/** Whoever changes the settings could not reach the service any more. Nothing was changed. */
export class ConfigurationShutsOutCaller extends DomainError {
  readonly code = 'config.shuts_out_caller';
  constructor(readonly address: string) {
    super('the settings would shut out who changes them');
  }
}
