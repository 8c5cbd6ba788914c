import { usePostgres } from './postgres-subject';
import { describeTaskStore } from './task-store.contract';

describeTaskStore('PostgreSQL', usePostgres(), { reopens: true });
