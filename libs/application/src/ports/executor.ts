/** What the service does by itself of the tasks that it keeps; read anew at every use. */
export abstract class Executor {
  /** Types of tasks that it runs. */
  abstract readonly taskTypes: readonly string[];
  /** Tasks of these types that may wait before no new one is promised to be run. */
  abstract readonly maxWaiting: number;
}
