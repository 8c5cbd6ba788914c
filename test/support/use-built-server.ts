import { rmSync } from 'node:fs';
import { BuiltServer, runToEnd, scratchFolder, type Environment, type Finished } from './built-server';

/** A folder for each case, and the service in it when the case starts one. */
export interface CaseFolder {
  /** Where the case has its files. */
  readonly path: string;
  /** The service that the case has started. */
  readonly server: BuiltServer;
  /** Starts the service, which ends with the case. */
  start(env?: Environment): Promise<BuiltServer>;
  /** Runs the program to its end. */
  run(args: readonly string[], env?: Environment): Promise<Finished>;
}

/** @param defaults what each service of the spec is started with */
export function useBuiltServer(defaults: Environment = {}): CaseFolder {
  let path: string;
  let server: BuiltServer | null;

  beforeEach(() => {
    path = scratchFolder();
    server = null;
  });
  afterEach(async () => {
    await server?.dispose();
    rmSync(path, { recursive: true });
  });

  return {
    get path() {
      return path;
    },
    get server() {
      if (server === null) throw new Error('nothing was started');
      return server;
    },
    start: async (env = {}) => (server = await BuiltServer.start({ ...defaults, ...env }, path)),
    run: (args, env) => runToEnd(path, args, env),
  };
}
