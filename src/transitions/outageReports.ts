import { SwitchyardError } from '../domain/errors';
import { reasonOf } from './databaseErrors';

/** Reports that something could not be done because the database cannot be used now. */
export type ReportUnavailable = (what: string, error: unknown) => void;

/** One line of the log. */
export interface OutageLine {
  /** What could not be done, and why. */
  message: string;
  /** The code of the driver's error. */
  code: string | undefined;
  /** How often that happened since the line before. */
  times: number;
}

const firstPauseMilliseconds = 5000;
const maxPauseMilliseconds = 300_000;

interface Outage {
  times: number;
  pause: number;
  /** When it is logged again, if it still happens. */
  next: number;
}

function detailsOf(error: unknown): { reason: string; code: string | undefined } {
  const cause = error instanceof SwitchyardError ? (error.cause ?? error) : error;
  const { code, driverError } = (cause ?? {}) as { code?: unknown; driverError?: unknown };
  if (code === undefined && driverError !== undefined) return detailsOf(driverError);
  return {
    // Messages of this program's own errors are meant to be read; those of drivers may repeat values.
    reason: reasonOf(cause) ?? (error instanceof SwitchyardError ? error.message : 'an unknown error'),
    code: typeof code === 'string' ? code : undefined,
  };
}

/**
 * Makes what logs outages: each cause at once, then ever less often for as long as it lasts, with a count, and without a
 * stack, which would say nothing: an outage of an hour takes some dozen lines.
 *
 * @param now milliseconds of a clock that never goes back.
 */
export function createOutageReports(
  write: (line: OutageLine) => void,
  now: () => number = () => performance.now(),
): ReportUnavailable {
  const outages = new Map<string, Outage>();

  return (what, error) => {
    const { reason, code } = detailsOf(error);
    const message = `${what}: ${reason}`;
    const key = `${message} ${code ?? ''}`;
    const time = now();
    const known = outages.get(key);
    // An outage that was over for as long as it was last waited for is a new one.
    const isNew = known === undefined || time > known.next + known.pause;
    const outage = isNew ? { times: 0, pause: firstPauseMilliseconds / 2, next: time } : known;
    outages.set(key, outage);
    outage.times++;
    if (time < outage.next) return;
    write({ message, code, times: outage.times });
    outage.times = 0;
    outage.pause = Math.min(outage.pause * 2, maxPauseMilliseconds);
    outage.next = time + outage.pause;
  };
}
