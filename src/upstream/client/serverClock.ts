import { addMicroseconds, type Instant, parseInstant } from '../../domain/instant';

/** The clock of a server, by the dates of its responses. */
interface ServerClock {
  /** Takes over the header Date of a response that has just come. */
  set(date: string | string[] | undefined): void;
  /** The time there, to about a second; null before the first date. */
  now(): Instant | null;
}

/** Creates a clock that knows nothing yet. */
export function createServerClock(): ServerClock {
  let last: { date: Instant; received: number } | null = null;
  return {
    set(date) {
      const milliseconds = typeof date === 'string' ? Date.parse(date) : Number.NaN;
      if (Number.isNaN(milliseconds)) return;
      last = { date: parseInstant(new Date(milliseconds).toISOString()), received: performance.now() };
    },
    now: () =>
      last === null
        ? null
        : addMicroseconds(last.date, Math.round((performance.now() - last.received) * 1000)),
  };
}
