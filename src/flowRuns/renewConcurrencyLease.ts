import type { LeaseId } from '../domain/identifiers';
import { renewLease } from '../persistence/flowRuns/leases';
import type { Services } from '../transitions/services';

/** Sets a lease to expire in a number of seconds; false where it is gone. */
export const renewConcurrencyLease = (
  { database, clock }: Services,
  id: LeaseId,
  seconds: number,
): Promise<boolean> => renewLease(database, id, seconds, clock());
