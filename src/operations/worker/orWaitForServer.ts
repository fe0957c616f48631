import { SwitchyardError } from '../../domain/errors';
import { addSeconds } from '../../domain/instant';
import type { Services } from '../../transitions/services';
import type { Turn } from './turn';

/** Seconds after which something is tried again for which the server could not be asked. */
export const awaySeconds = 5;

/** Takes a turn; where the Prefect server that it needs is away, that is no failure: the operation waits. */
export async function orWaitForServer(
  { clock, reportUnavailable }: Services,
  takeTurn: () => Promise<Turn>,
): Promise<Turn> {
  try {
    return await takeTurn();
  } catch (error) {
    if (!(error instanceof SwitchyardError) || error.code !== 'UNAVAILABLE') throw error;
    reportUnavailable('an operation waits for the Prefect server', error);
    return { done: 0, until: addSeconds(clock(), awaySeconds) };
  }
}
