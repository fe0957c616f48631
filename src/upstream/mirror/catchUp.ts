import { addSeconds, type Instant } from '../../domain/instant';
import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import type { RunsOfEvents } from './runsOfEvents';

/** Reads the stored events of a time in which the stream may have left some out. */
export interface CatchUp {
  /** Asks for the events from a time on. They are stored in batches, so they are read some seconds later. */
  request(from: Instant): void;
  /** Reads them where it is time to. */
  runIfDue(signal: AbortSignal): Promise<void>;
}

/** How long the server takes at most to store an event. */
const storageSeconds = 6;

/** From when on events are read, and the time of the monotonic clock at which they are stored. */
interface Request {
  from: Instant;
  due: number;
}

const merged = (one: Request | null, other: Request): Request =>
  one === null
    ? other
    : { from: one.from < other.from ? one.from : other.from, due: Math.max(one.due, other.due) };

/** Makes what catches up with stored events. Where the server stores none, the sweep finds what the stream left out. */
export function createCatchUp(
  { clock, monotonicClock }: MirrorServices,
  client: UpstreamClient,
  runs: RunsOfEvents,
  onFull: () => void,
): CatchUp {
  let next: Request | null = null;
  /** What is asked for while `next` waits: it must not postpone that, as a stream that breaks again and again would. */
  let later: Request | null = null;
  return {
    request(from) {
      const request = { from, due: monotonicClock() + storageSeconds * 1000 };
      if (next === null) next = request;
      else later = merged(later, request);
    },
    async runIfDue(signal) {
      if (next === null || monotonicClock() < next.due) return;
      const reading = next;
      next = later;
      later = null;
      try {
        // Clocks differ: events are asked for beyond now.
        const range = { from: reading.from, to: addSeconds(clock(), 60) };
        for await (const events of client.findEvents(range, signal))
          for (const event of events) if (!runs.add(event)) onFull();
      } catch (error) {
        next = merged(next, reading);
        throw error;
      }
    },
  };
}
