import type { Services } from '../transitions/services';

/** A periodic task that runs in one process at a time. */
export interface BackgroundService {
  /** The name of the lock that makes it exclusive, also used in the log. */
  name: string;
  /**
   * Does the pending work in batches and yields the number of changes of each. It may be stopped between two batches.
   */
  run(services: Services): AsyncGenerator<number, void>;
}

/** The maximum number of rows that one transaction of a background service changes. */
export const batchSize = 200;
