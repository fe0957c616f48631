import type { LeaseId } from '../domain/identifiers';
import { renewLease } from '../persistence/flowRuns/leases';
import { checkChanges } from '../transitions/checkChanges';
import type { Services } from '../transitions/services';

/** Sets a lease to expire in a number of seconds; false where it is gone. */
export async function renewConcurrencyLease(
  services: Services,
  id: LeaseId,
  seconds: number,
): Promise<boolean> {
  checkChanges(services);
  const { database, clock } = services;
  return renewLease(database, id, seconds, clock());
}
