import { HandlersRefused } from './handlers-refused';
import { parseHandlersFile } from './parse-handlers-file';

const problemsOf = async (text: string, env = {}): Promise<readonly string[]> => {
  try {
    await parseHandlersFile(text, '/etc/handlers.toml', env);
    return [];
  } catch (error) {
    if (error instanceof HandlersRefused) return error.problems;
    throw error;
  }
};

describe('the file of handlers', () => {
  it('takes commands, addresses and what the service brings along', async () => {
    const text = `
      roots = ["/srv/repositories"]

      [handlers.agent_prompt]
      kind = "command"
      command = ["claude", "-p"]
      input = "prompt"
      env = ["ANTHROPIC_API_KEY"]
      timeout_seconds = 3600

      [handlers."report.daily"]
      kind = "http"
      url = "https://reports.example.com/tasks"
      secret_env = "REPORTS_SECRET"

      [handlers.ping]
      kind = "builtin"
      builtin = "echo"
    `;
    const { roots, handlers } = await parseHandlersFile(text, '/etc/handlers.toml', { REPORTS_SECRET: 's' });

    expect(roots).toEqual(['/srv/repositories']);
    expect(handlers.agent_prompt).toMatchObject({ kind: 'command', input: 'prompt', grace_seconds: 5 });
    expect(handlers['report.daily']).toMatchObject({ kind: 'http', allow_private: false, retries: 3 });
    expect(handlers.ping).toMatchObject({ kind: 'builtin', builtin: 'echo' });
  });

  it('names every mistake, and where it is', async () => {
    const text = `
      roots = "everywhere"
      colour = "red"

      [handlers.Wrong]
      kind = "command"
      command = []
      env = ["A-B"]
      shell = true

      [handlers.other]
      kind = "http"
      url = "ftp://example.com"
      retries = 1.5

      [handlers.third]
      kind = "mail"
    `;
    const places = (await problemsOf(text)).map((problem) => problem.split(':')[0]);

    expect([...new Set(places)].sort()).toEqual(
      [
        '',
        'handlers.Wrong',
        'handlers.Wrong.command',
        'handlers.Wrong.env.0',
        'handlers.other.retries',
        'handlers.other.url',
        'handlers.third.kind',
        'roots',
      ].sort(),
    );
  });

  it('names a secret that the environment does not have, and shows none that it has', async () => {
    const text = '[handlers.a]\nkind = "http"\nurl = "https://a.example"\nsecret_env = "HOOK_SECRET"\n';

    expect(await problemsOf(text)).toEqual(['handlers.a.secret_env: the environment has no HOOK_SECRET']);
    expect(await problemsOf(text, { HOOK_SECRET: 'x' })).toEqual([]);
  });

  it('hands no secret of the service to a command, also when it is asked to', async () => {
    const names = [
      'TASK_ORCHESTRATOR_API_KEY',
      'API_SECRET_KEY',
      'DATABASE_URL',
      'DATABASE_ENCRYPTION_KEY',
      'NEW_DATABASE_ENCRYPTION_KEY',
      'PGPASSWORD',
    ];
    const text = `[handlers.a]\nkind = "command"\ncommand = ["env"]\nenv = ${JSON.stringify([...names, 'OTHER'])}\n`;

    expect(await problemsOf(text)).toEqual(
      names.map(
        (name, index) =>
          `handlers.a.env.${index}: ${name} is a secret of the service, which no command may see`,
      ),
    );
  });

  it('names a program that is not where its path leads to, from the folder of the file', async () => {
    const command = (program: string): string => `[handlers.a]\nkind = "command"\ncommand = ["${program}"]\n`;

    expect(await problemsOf(command('./run.sh'))).toEqual([
      'handlers.a.command: there is no program /etc/run.sh',
    ]);
    expect(await problemsOf(command('/etc/passwd'))).toHaveLength(1);
    expect(await problemsOf(command('../bin/sh'))).toEqual([]);
    expect(await problemsOf(command('run.sh'))).toEqual([]);
  });

  it.each([
    ['a password in the address', '[handlers.a]\nkind = "http"\nurl = "https://u:p@a.example"\n'],
    ['a program that is an option', '[handlers.a]\nkind = "command"\ncommand = ["-rf"]\n'],
    ['no handlers', 'roots = []\n'],
  ])('does not take %s', async (_what, text) => {
    expect(await problemsOf(text)).toHaveLength(1);
  });

  it('says where it is no TOML', async () => {
    expect(await problemsOf('[handlers\n')).toEqual([expect.stringMatching(/^line 1, column \d+: /)]);
  });
});
