import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from '../support/eventually';
import { missingProgram } from '../support/it-needing';
import { read } from './files';

type Running = ChildProcessByStdio<null, null, Readable>;

/** Where Debian has it. */
const NGINX = '/usr/sbin/nginx';
const INCLUDED = '/etc/nginx/snippets/task-orchestrator-proxy.conf';

/** Why nginx cannot be run here, or null. */
export const missingNginx = (): string | null => missingProgram(NGINX, ['-v']);

/** An nginx with one of the project's files, its places put where a test may have them. */
export class Nginx {
  private readonly folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  private process: Running | null = null;

  /** @param places what stands in the file, and what is to stand there instead */
  constructor(file: string, places: Readonly<Record<string, string>>) {
    const snippet = join(this.folder, 'proxy.conf');
    writeFileSync(snippet, read('deploy/nginx/task-orchestrator-proxy.conf'));
    const conf = Object.entries({ ...places, [INCLUDED]: snippet }).reduce(
      (done, [from, to]) => done.replaceAll(from, to),
      read(file),
    );
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${join(this.folder, name)};`)
      .join(' ');
    writeFileSync(
      join(this.folder, 'nginx.conf'),
      `daemon off; pid ${join(this.folder, 'pid')}; error_log stderr; worker_processes 1; events {}
       http { access_log off; ${temporary} ${conf} }`,
    );
  }

  /** What nginx says about the file. */
  async complaints(): Promise<string> {
    const child = this.spawn(['-t', '-q']);
    const [complaints] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return complaints;
  }

  /** Lets it serve, until `stop`. */
  async start(port: number): Promise<void> {
    this.process = this.spawn([]);
    this.process.stderr.resume();
    await eventually(async () => {
      const socket = connect(port, '127.0.0.1');
      const isThere = await once(socket, 'connect').then(
        () => true,
        () => null,
      );
      socket.destroy();
      return isThere;
    });
  }

  /** Ends it, and removes its files. */
  async stop(): Promise<void> {
    const { process: child } = this;
    if (child?.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private spawn(args: readonly string[]): Running {
    return spawn(NGINX, ['-p', this.folder, '-c', join(this.folder, 'nginx.conf'), '-e', 'stderr', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }
}
