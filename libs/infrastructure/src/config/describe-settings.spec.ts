import { describeSettings, settingsAsMarkdown, settingsAsText } from './describe-settings';

describe('the description of the settings', () => {
  it('has every setting that does something, and none that does not', () => {
    const names = describeSettings().map(({ name }) => name);

    expect(names).toEqual(
      expect.arrayContaining(['SERVER_PORT', 'DATABASE_URL', 'API_SECRET_KEY', 'CONFIG_FILE']),
    );
    expect(names).not.toContain('SERVER_WORKERS');
    expect(new Set(names).size).toBe(names.length);
  });

  it('tells the place, the limits and the default of a setting in Markdown', () => {
    expect(settingsAsMarkdown()).toContain(
      '| `SERVER_PORT` | `server.port` | `8080` | a whole number from 0 to 65535 | Port to listen on; 0 takes any free one | at the next start |',
    );
  });

  it('has as many cells in every row of the table', () => {
    const widths = settingsAsMarkdown()
      .split('\n')
      .map((row) => row.split('|').length);

    expect(new Set(widths)).toEqual(new Set([8]));
  });

  it('tells the same on a terminal', () => {
    expect(settingsAsText()).toContain(
      [
        '  SERVER_PORT (server.port)',
        '      Port to listen on; 0 takes any free one.',
        '      Takes a whole number from 0 to 65535; default 8080.',
      ].join('\n'),
    );
  });
});
