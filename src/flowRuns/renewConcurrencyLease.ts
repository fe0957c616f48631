import type { LeaseId } from '../domain/identifiers';
import { renewLease } from '../persistence/flowRuns/leases';
import type { Services } from '../transitions/services';

/** Lets a lease last so many seconds from now; false where it is gone. */
export const renewConcurrencyLease = (
  { database, clock }: Services,
  id: LeaseId,
  seconds: number,
): Promise<boolean> => renewLease(database, id, seconds, clock());
