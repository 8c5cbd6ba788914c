import { loadSettings, LiveSettings, SettingsConfiguration } from '@task/infrastructure';
import { fieldsOf } from '../../shared/validation/field';
import { ChangeConfigurationBody } from './configuration.body';

it('takes every section in which a setting is told', () => {
  const configuration = new SettingsConfiguration(new LiveSettings(loadSettings({ env: {}, cwd: '/' })));
  const sections = new Set(configuration.entries().map(({ field }) => field.split('.')[0]));
  const taken = [...(fieldsOf(ChangeConfigurationBody)?.keys() ?? [])];

  expect(taken.filter((name) => name !== 'origins').sort()).toEqual([...sections].sort());
});
