import { revokeExpiredLeases } from '../persistence/flowRuns/leases';
import { type BackgroundService, batchSize } from './backgroundService';

/** Frees the slots of leases that have expired, as `revokeExpiredLeases` finds them. The holder learns it at its next renewal. */
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
