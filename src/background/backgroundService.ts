import type { Services } from '../transitions/services';

/** Something that is done again and again, by one process at a time. */
export interface BackgroundService {
  /** Under this name it is kept from running twice, and logged. */
  name: string;
  /** Does what there is to do now, in batches, and tells after each how much it changed: between two it may be stopped. */
  run(services: Services): AsyncGenerator<number, void>;
}

/** How many rows one transaction of a background service moves at most. */
export const batchSize = 200;
