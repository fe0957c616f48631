import type { Clock } from '../domain/instant';
import type { Messaging } from '../messaging';
import type { Database } from '../persistence/connection/database';
import type { ReportUnavailable } from './outageReports';
import type { TransitionExecutor } from './transitionExecutor';

/** What every use case works with. Time, ids and randomness come in from outside, so that tests are exact. */
export interface Services extends Omit<Messaging, 'close'> {
  database: Database;
  /** Carries out what is decided about runs. */
  executor: TransitionExecutor<Services>;
  clock: Clock;
  /** Milliseconds of a clock that is never set back: for durations, from any start. */
  monotonicClock: () => number;
  /** A new UUID v7: ids rise with time. */
  newId: () => string;
  /** Seconds until a lease expires, unless its deployment sets a time. */
  leaseSeconds: number;
  /** Seconds until a run that found no free slot is tried again. */
  slotWaitSeconds: number;
  /** The largest page of a list that may be asked for. */
  maxPageSize: number;
  /** Bytes of states that one response may have. */
  maxResponseBytes: number;
  /** Logs that something could not be done because the database cannot be used now. */
  reportUnavailable: ReportUnavailable;
  /** Logs what a caller or the gateway did: one line, without secrets, inputs or messages of states. */
  reportEvent: (message: string, facts: Record<string, unknown>) => void;
  /** Reports a fault of this program: an error that the caller did not cause. */
  reportError: (message: string, error: unknown, facts?: Record<string, unknown>) => void;
}
