import { LiveSettings } from './live-settings';
import { loadSettings } from './load-settings';
import { SettingsPolicy } from './settings-policy';

const started = (env: Record<string, string> = {}): LiveSettings =>
  new LiveSettings(loadSettings({ env, cwd: '/srv' }));

describe('LiveSettings', () => {
  it('has the values that the service was started with', () => {
    const { values } = started({ LEASE_SECONDS: '60' });

    expect(values).toMatchObject({ leaseSeconds: 60, serverPort: 8080, corsOrigins: [] });
  });

  it('shows a change to everybody who holds the values, and to the rules made from them', () => {
    const live = started({ LEASE_SECONDS: '60' });
    const { values } = live;
    const policy = new SettingsPolicy(values);

    live.use({ leaseSeconds: 90 });

    expect(values.leaseSeconds).toBe(90);
    expect(policy.leaseMs).toBe(90_000);
  });

  it('knows where each value comes from', () => {
    const live = started({ LEASE_SECONDS: '60' });

    live.use({ maxQueueSize: 5 });

    expect(live.originOf('leaseSeconds')).toBe('environment');
    expect(live.originOf('maxQueueSize')).toBe('stored');
    expect(live.originOf('serverPort')).toBe('default');
  });

  it('has the value of the environment again when nothing is stored any more', () => {
    const live = started({ LEASE_SECONDS: '60' });
    live.use({ leaseSeconds: 90 });

    live.use({});

    expect(live.values.leaseSeconds).toBe(60);
    expect(live.originOf('leaseSeconds')).toBe('environment');
  });

  it('changes nothing when one of several cannot change while it runs', () => {
    const live = started();

    expect(() => live.use({ leaseSeconds: 90, serverPort: 1 })).toThrow('serverPort cannot change');
    expect(live.values).toMatchObject({ leaseSeconds: 1800, serverPort: 8080 });
  });

  it('tells those who must act on a change, after it', () => {
    const live = started();
    const seen: string[] = [];
    live.onChange(() => seen.push(live.values.logLevel));

    live.use({ logLevel: 'debug' });

    expect(seen).toEqual(['debug']);
  });
});
