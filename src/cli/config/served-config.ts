import type { StoredValue } from '@task/application';
import { findSetting, type FoundSetting } from '@task/infrastructure';
import { ServiceClient } from '../../client/service-client';
import type { ServicePlace } from '../../client/service-place';
import { StartFailure } from '../start-failure';
import { toldByService } from '../told-refusal';
import type { ConfigDesk, SettingChange, ShownSetting } from './config-desk';

const PATH = '/api/v1/config';

interface Answer {
  readonly origins: Readonly<Record<string, string>>;
}

interface Changed {
  readonly changes: readonly {
    readonly field: string;
    readonly old_value: StoredValue | null;
    readonly new_value: StoredValue | null;
  }[];
}

/** The settings of a running service. */
export class ServedConfig implements ConfigDesk {
  private readonly client: ServiceClient;

  constructor(place: ServicePlace) {
    this.client = new ServiceClient(place);
  }

  async read(): Promise<readonly ShownSetting[]> {
    const answer = await toldByService(this.client.ask<Answer>('GET', PATH));
    return Object.entries(answer.origins).map(([field, origin]) => ({
      name: nameOf(field),
      value: valueAt(answer, field.split('.')),
      origin,
    }));
  }

  set({ field, setting }: FoundSetting, value: unknown): Promise<readonly SettingChange[]> {
    return this.put(field, setting.name, value);
  }

  unset(name: string): Promise<readonly SettingChange[]> {
    const found = findSetting(name);
    return this.put(found?.field ?? null, name, null);
  }

  close(): Promise<void> {
    this.client.close();
    return Promise.resolve();
  }

  private async put(field: string | null, name: string, value: unknown): Promise<readonly SettingChange[]> {
    if (field === null) throw new StartFailure(`the service has no setting ${name}`);
    const body = field.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
    const { changes } = await toldByService(this.client.ask<Changed>('PUT', PATH, { body }));
    return changes.map((change) => ({
      name: nameOf(change.field),
      before: change.old_value,
      after: change.new_value,
    }));
  }
}

/** A service of another version may have fields that are not known here. */
function nameOf(field: string): string {
  return findSetting(field)?.setting.name ?? field;
}

function valueAt(answer: unknown, path: readonly string[]): StoredValue | null {
  const inner = path.reduce<unknown>(
    (value, part) => (value as Readonly<Record<string, unknown>> | undefined)?.[part],
    answer,
  );
  return (inner ?? null) as StoredValue | null;
}
