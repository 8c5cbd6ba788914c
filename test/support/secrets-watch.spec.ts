import { SecretsWatch } from './secrets-watch';

describe('SecretsWatch', () => {
  const watch = (): SecretsWatch => {
    const made = new SecretsWatch();
    made.noteKey('a-key-of-the-operator');
    made.notePrompts({ tasks: [{ prompt: 'write the "release" notes', tags: ['harmless tag'] }, null] });
    return made;
  };

  it.each([
    'Bearer a-key-of-the-operator',
    'the prompt was: write the "release" notes',
    '{"msg":"write the \\"release\\" notes"}',
    `{"key":"to_${'a'.repeat(43)}"}`,
  ])('finds a secret in %s', (text) => {
    expect(() => watch().mustNotBeIn(text, 'the log')).toThrow('the log repeats a key or a prompt');
  });

  it.each([
    '{"key":"operator","route":"/api/v1/tasks","msg":"request"}',
    'harmless tag',
    `{"level":"info","admin_key":"to_${'a'.repeat(43)}","msg":"admin key made"}`,
    `\n      to_${'a'.repeat(43)}\n`,
  ])('finds none in %j', (text) => {
    expect(() => watch().mustNotBeIn(text, 'the log')).not.toThrow();
  });
});
