import { cpus, loadavg, totalmem } from 'node:os';

/** What the figures were measured on. */
export function machine() {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    load_average: loadavg().map((load) => Number(load.toFixed(2))),
  };
}

/** Processor time that all processes of the machine have used so far, ms. */
export function busyMs() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
