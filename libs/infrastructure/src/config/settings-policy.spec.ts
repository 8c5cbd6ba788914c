import { loadSettings } from './load-settings';
import { SettingsPolicy } from './settings-policy';

const policyOf = (env: Record<string, string>): SettingsPolicy =>
  new SettingsPolicy(loadSettings({ env, cwd: '/srv' }).settings);

describe('SettingsPolicy', () => {
  it('gives the rules in the units of the port', () => {
    const policy = policyOf({
      LEASE_SECONDS: '60',
      WORKER_TTL_SECONDS: '90',
      REQUIRE_LEASE_TOKEN: 'true',
      MAX_QUEUE_SIZE: '7',
      PROMPT_MATCH_THRESHOLD: '0.5',
      PROMPT_MIN_WORDS: '3',
      RETRY_BASE_SECONDS: '0.25',
      RETRY_CAP_SECONDS: '2',
    });

    expect({
      leaseMs: policy.leaseMs,
      workerTtlMs: policy.workerTtlMs,
      requireLeaseToken: policy.requireLeaseToken,
      maxWaiting: policy.maxWaiting,
      promptMatchThreshold: policy.promptMatchThreshold,
      promptMinWords: policy.promptMinWords,
      retry: policy.retry,
    }).toEqual({
      leaseMs: 60_000,
      workerTtlMs: 90_000,
      requireLeaseToken: true,
      maxWaiting: 7,
      promptMatchThreshold: 0.5,
      promptMinWords: 3,
      retry: { baseMs: 250, capMs: 2000, random: expect.any(Function) },
    });
  });

  it('knows the registered types, made once', () => {
    const policy = policyOf({ TASK_TYPES: '{"ocr": {"timeout": 60}}' });

    expect(policy.taskTypes.names).toContain('document_processing');
    expect(policy.taskTypes.find('ocr')).toMatchObject({ timeoutSeconds: 60 });
    expect(policy.taskTypes).toBe(policy.taskTypes);
  });

  it('draws its jitter from [0, 1)', () => {
    const { random } = policyOf({}).retry;

    for (const drawn of Array.from({ length: 100 }, random)) {
      expect(drawn).toBeGreaterThanOrEqual(0);
      expect(drawn).toBeLessThan(1);
    }
  });
});
