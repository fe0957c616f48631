import { revokeExpiredLeases } from '../persistence/flowRuns/leases';
import { type BackgroundService, batchSize } from './backgroundService';

/** Frees the slots of leases that ended without being renewed. Whoever holds one finds it gone at the next renewal. */
export const expiredLeases: BackgroundService = {
  name: 'expired leases',
  async *run({ database, clock }) {
    for (let mayBeMore = true; mayBeMore; ) {
      const batch = await revokeExpiredLeases(database, clock(), batchSize);
      yield batch.revoked;
      mayBeMore = batch.mayBeMore;
    }
  },
};
