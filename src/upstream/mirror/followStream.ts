import { addSeconds, type Instant, secondsBetween } from '../../domain/instant';
import { withLinkedAbort } from '../../platform/withLinkedAbort';
import type { UpstreamClient, UpstreamEvent } from '../client/upstreamClient';
import type { CatchUp } from './catchUp';
import type { MirrorServices } from './copyFlowRuns';
import type { MirrorProgress } from './mirrorProgress';
import type { Probe } from './probe';
import type { RunsOfEvents } from './runsOfEvents';

/** What the stream is followed with. */
interface StreamFollowing {
  services: MirrorServices;
  client: UpstreamClient;
  progress: MirrorProgress;
  runs: RunsOfEvents;
  catchUp: CatchUp;
  probe: Probe;
}

/** How far back stored events are read; after a longer gap all runs are. */
const maxGapSeconds = 900;
/** What is asked for twice around a gap. */
const overlapSeconds = 10;
/** The server leaves out events when more than 256 wait for a subscriber: this number in a second may be too many. */
const burstEvents = 150;
const burstMilliseconds = 1000;

/** Notices bursts of events, of which the server leaves out some. */
function createBurstWatch(monotonicClock: () => number): () => boolean {
  let began = 0;
  let count = 0;
  return () => {
    const now = monotonicClock();
    if (now - began > burstMilliseconds) {
      began = now;
      count = 0;
    }
    count++;
    return count === burstEvents;
  };
}

/** Asks for what happened since the stream was last read. */
function closeGap({ progress, catchUp }: StreamFollowing, from: Instant | null, now: Instant): void {
  progress.sweepWanted = true;
  if (from !== null && secondsBetween(from, now) <= maxGapSeconds)
    catchUp.request(addSeconds(from, -overlapSeconds));
  else if (from !== null) progress.walkWanted = true;
}

/**
 * Follows the events of the server until the connection ends. Those that name a run put it into the queue of runs to read, which
 * `readRunsOfEvents.ts` works off.
 *
 * @throws UpstreamError where no connection comes about.
 */
export async function followStream(following: StreamFollowing, signal: AbortSignal): Promise<void> {
  const { services, client, progress, runs, catchUp, probe } = following;
  const { clock, monotonicClock } = services;
  const isBurst = createBurstWatch(monotonicClock);
  const began = clock();
  closeGap(following, progress.lastAlive, began);
  const take = (event: UpstreamEvent): void => {
    progress.lastEvent = clock();
    progress.lastAlive = progress.lastEvent;
    if (event.flowRunId === null) return probe.receive(event.id);
    if (!runs.add(event)) progress.sweepWanted = true;
    if (isBurst()) catchUp.request(addSeconds(clock(), -overlapSeconds));
  };
  await withLinkedAbort([signal], async ended => {
    probe.begin(() => ended.abort());
    try {
      const since = addSeconds(began, -overlapSeconds);
      for await (const event of client.watchEvents(since, ended.signal)) take(event);
    } finally {
      probe.end();
    }
  });
}
