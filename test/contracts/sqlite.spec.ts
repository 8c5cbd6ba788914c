import { useSqlite } from './sqlite-subject';
import { describeTaskStore } from './task-store.contract';

describeTaskStore('SQLite', useSqlite(), { setsClock: true, reopens: true });
