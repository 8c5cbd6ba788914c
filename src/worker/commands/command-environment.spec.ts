import { DIRECTORY_VARIABLE, ownEnvironment } from './command-environment';

describe('the environment that a worker hands on', () => {
  it('is its own, without the secrets of the service', () => {
    const env = {
      PATH: '/bin',
      OWN: '1',
      API_SECRET_KEY: 'secret',
      DATABASE_URL: 'postgres://…',
      NOTHING: undefined,
    };

    expect(ownEnvironment(env)).toEqual({ PATH: '/bin', OWN: '1' });
  });

  it('has no mark of the directory that a worker above it keeps', () => {
    expect(ownEnvironment({ PATH: '/bin', [DIRECTORY_VARIABLE]: 'of another directory' })).toEqual({
      PATH: '/bin',
    });
  });
});
