import { InMemoryKeyStore, InMemoryTaskStore } from '@task/infrastructure';
import { FixedClock } from '../support/fixed-clock';
import { describeKeyStore } from './key-store.contract';
import { describeTaskStore } from './task-store.contract';

const nothingToClose = (): Promise<void> => Promise.resolve();

describeTaskStore(
  'in memory',
  () => {
    const clock = new FixedClock();
    return Promise.resolve({ store: new InMemoryTaskStore(clock), clock, close: nothingToClose });
  },
  { setsClock: true },
);

describeKeyStore('in memory', () => Promise.resolve({ keys: new InMemoryKeyStore(), close: nothingToClose }));
