import { addSeconds, type Instant } from '../../domain/instant';
import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import type { LookList } from './lookList';

/** Reads the stored events of a time in which the stream may have left some out. */
export interface CatchUp {
  /** Asks for the events from a time on. They are stored in batches, so they are read some seconds later. */
  request(from: Instant): void;
  /** Reads them where it is time to. */
  runIfDue(signal: AbortSignal): Promise<void>;
}

/** How long the server takes at most to store an event. */
const storageSeconds = 6;

/** Makes what catches up with stored events. Where the server stores none, the sweep finds what the stream left out. */
export function createCatchUp(
  { clock, monotonicClock }: MirrorServices,
  client: UpstreamClient,
  looks: LookList,
  onFull: () => void,
): CatchUp {
  let wanted: { from: Instant; due: number } | null = null;
  return {
    request(from) {
      const earliest = wanted !== null && wanted.from < from ? wanted.from : from;
      wanted = { from: earliest, due: monotonicClock() + storageSeconds * 1000 };
    },
    async runIfDue(signal) {
      if (wanted === null || monotonicClock() < wanted.due) return;
      const { from } = wanted;
      wanted = null;
      try {
        // Clocks differ: events are asked for beyond now.
        for await (const events of client.findEvents({ from, to: addSeconds(clock(), 60) }, signal))
          for (const event of events) if (!looks.add(event)) onFull();
      } catch (error) {
        wanted = { from, due: monotonicClock() };
        throw error;
      }
    },
  };
}
