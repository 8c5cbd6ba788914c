import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itNeeding } from '../../support/it-needing';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { DocumentWorker } from '../../support/document-worker';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { TaskManagerClient, type TaskInfo } from '../../support/task-manager-client';
import { runScript } from './run-script';
import { missingCurl, missingDocument, missingJq, seedDocument } from './seed-documents';
import { flowIn, TASK_MANAGER } from './task-manager';

const TEXT = 'A knowledge base is made of documents. '.repeat(40);
const NO_TEXT = Uint8Array.from([0x25, 0x50, 0x44, 0x46, 0x2d, 0, 0xff, 0xfe]);

describe('the flows of the task manager’s document, run as they are', () => {
  const missing = missingDocument(TASK_MANAGER) ?? missingCurl() ?? missingJq();
  const itHere = itNeeding(missing);
  if (missing !== null) {
    itHere('do what they say', () => Promise.resolve());
    return;
  }

  let server: BuiltServer;
  let worker: DocumentWorker;
  let folder: string;
  let api: TaskManagerClient;

  beforeAll(async () => {
    server = await BuiltServer.start({ ENABLE_AUTH: 'false', TASK_MANAGER_PORT: String(await freePort()) });
    api = new TaskManagerClient(server.line.task_manager ?? '');
    worker = await DocumentWorker.start({ TASK_MANAGER_URL: api.baseUrl, WORKER_ID: 'worker_001' });
    folder = scratchFolder();
    mkdirSync(join(folder, 'uploads'));
    for (const name of ['uploads/report.pdf', 'doc1.pdf', 'doc2.pdf'])
      writeFileSync(join(folder, name), TEXT);
  });
  afterAll(async () => {
    await worker.stop();
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  const run = (heading: string): Promise<string> => {
    const flow = flowIn(seedDocument(TASK_MANAGER), heading, { url: api.baseUrl, folder });
    return runScript('bash', ['-c', `set -eu\n${flow}`], folder);
  };
  const taskIn = (output: string): Promise<TaskInfo> =>
    api.read(/Task ID: (\S+)/.exec(output)?.[1] ?? 'no id was printed');

  itHere('submit a document, wait until it is processed, and print the result', async () => {
    const output = await run('文档处理流程');
    expect(output).toMatch(/Status: completed, Progress: 100%/);
    const result = JSON.parse(output.slice(output.indexOf('{'))) as { chunks: readonly { text: string }[] };
    expect(result).toMatchObject({ characters: TEXT.length, chunk_size: 1000 });
    expect(result.chunks[0]?.text).toBe(TEXT.slice(0, 1000));
    expect(await taskIn(output)).toMatchObject({
      status: 'completed',
      priority: 'high',
      worker_id: 'worker_001',
    });
  });

  itHere('are told clearly that a document is no text', async () => {
    writeFileSync(join(folder, 'uploads/report.pdf'), NO_TEXT);
    const output = await run('文档处理流程');
    expect(output).toMatch(/Status: failed, Progress: 0%/);
    expect(output.trim().endsWith('null')).toBe(true);
    expect(await taskIn(output)).toMatchObject({
      status: 'failed',
      error_message: expect.stringMatching(/report\.pdf is not a text file/),
    });
  });

  itHere('submit several documents at once, which are processed', async () => {
    const { tasks, count } = JSON.parse(await run('批量任务处理')) as { tasks: TaskInfo[]; count: number };
    expect([count, tasks.map(({ kb_id }) => kb_id)]).toEqual([2, ['kb_001', 'kb_001']]);
    for (const { id } of tasks) {
      await eventually(async () => ((await api.read(id)).status === 'completed' ? true : null));
    }
  });

  itHere('print what there is to know about workers and tasks', async () => {
    const [system, tasks] = (await run('监控和统计'))
      .split(/(?<=\})\n/)
      .filter((text) => text.trim() !== '')
      .map((text) => JSON.parse(text) as Record<string, number>);
    expect(system).toEqual({ workers: 1, queue: 0, rate: expect.any(Number) });
    expect(system?.rate).toBeGreaterThan(0);
    expect(tasks).toEqual({ total: 2, success_rate: 100, avg_time: expect.any(Number) });
  });
});
