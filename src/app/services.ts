import type { Clock } from '../domain/instant';
import type { Database } from '../persistence/database';
import type { OperationSignals } from './operationSignals';
import type { ReportUnavailable } from './outageReports';
import type { StateChanges } from './stateChanges';

/** What every use case works with. Time, ids and randomness come in from outside, so that tests are exact. */
export interface Services {
  database: Database;
  clock: Clock;
  /** A new UUID v7: ids rise with time. */
  newId: () => string;
  /** Seconds a lease lives where its deployment does not say. */
  leaseSeconds: number;
  /** Seconds until a run that found no free slot is tried again. */
  slotWaitSeconds: number;
  /** The largest page of a list that may be asked for. */
  maxPageSize: number;
  /** Bytes of states that one response may have. */
  maxResponseBytes: number;
  /** Told of every state that was written. */
  stateChanges: StateChanges;
  /** Told whenever something moved in a bulk operation: who watches it looks again. */
  operationSignals: OperationSignals;
  /** Told whenever there is something new to do in a bulk operation: a worker that waits looks again. */
  workSignals: OperationSignals;
  /** Whether Redis can be used now; null: there is none. */
  isRedisConnected: () => boolean | null;
  /** Logs that something could not be done because the database cannot be used now. */
  reportUnavailable: ReportUnavailable;
  /** Told of what went wrong inside, and was not the caller's doing. */
  reportError: (message: string, error: unknown, facts?: Record<string, unknown>) => void;
}
