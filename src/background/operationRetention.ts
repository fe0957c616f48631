import { addSeconds } from '../domain/instant';
import { beginPurge, purgeOperation } from '../persistence/operations/purge';
import type { BackgroundService } from './backgroundService';

const secondsInDay = 86_400;

/** Deletes bulk operations that ended `days` ago, with their items. The states of their runs stay. */
export const operationRetention = (days: number): BackgroundService => ({
  name: 'operation retention',
  async *run({ database, clock }) {
    const endedBefore = addSeconds(clock(), -days * secondsInDay);
    const next = () => beginPurge(database, endedBefore, clock());
    let id = await next();
    while (id !== null) {
      const isGone = await purgeOperation(database, id);
      yield isGone ? 1 : 0;
      if (isGone) id = await next();
    }
  },
});
