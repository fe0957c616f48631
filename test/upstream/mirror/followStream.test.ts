import type { FlowRunId } from '../../../src/domain/identifiers';
import { addSeconds, type Instant, parseInstant } from '../../../src/domain/instant';
import type { UpstreamEvent } from '../../../src/upstream/client/upstreamClient';
import { followStream } from '../../../src/upstream/mirror/followStream';
import type { MirrorProgress } from '../../../src/upstream/mirror/mirrorProgress';
import { emptyServer } from './emptyServer';

const began = parseInstant('2026-11-24T03:00:00Z');

const eventOf = (id: number, flowRunId: string | null): UpstreamEvent => ({
  id: String(id),
  event: 'prefect.flow-run.Failed',
  occurred: began,
  flowRunId: flowRunId as FlowRunId | null,
  stateId: null,
});
const events = (count: number) => Array.from({ length: count }, (_, id) => eventOf(id, `run ${id}`));

/** What following a stream did: one that ends after these events, with a second between two lists of them. */
async function follow(
  lists: readonly (readonly UpstreamEvent[])[],
  { lastAlive = null as Instant | null, hasRoom = true } = {},
) {
  const progress: MirrorProgress = { lastAlive, lastEvent: null, sweepWanted: false, walkWanted: false };
  const [gathered, requested, probed]: [string[], Instant[], string[]] = [[], [], []];
  let seconds = 0;
  const services = { clock: () => addSeconds(began, seconds), monotonicClock: () => seconds * 1000 };
  /** What was wanted before the first event. */
  let wantedAtFirst: Partial<MirrorProgress> = {};
  const client = emptyServer({
    async *watchEvents() {
      wantedAtFirst = { ...progress };
      progress.sweepWanted = false;
      for (const list of lists) {
        yield* list;
        seconds += 1.1;
      }
    },
  });
  const following = {
    services,
    client,
    progress,
    runs: {
      add({ id }: UpstreamEvent) {
        gathered.push(id);
        return hasRoom;
      },
    },
    catchUp: { request: (from: Instant) => void requested.push(from) },
    probe: { begin: () => undefined, end: () => undefined, receive: (id: string) => void probed.push(id) },
  };
  await followStream(
    following as unknown as Parameters<typeof followStream>[0],
    new AbortController().signal,
  );
  return { progress, wantedAtFirst, gathered, requested, probed };
}

describe('following the stream of events', () => {
  test('reads the stored events again once 150 arrive in a second, because the server leaves some out', async () => {
    expect((await follow([events(149)])).requested).toEqual([]);
    expect((await follow([events(100), events(100)])).requested).toEqual([]);
    expect((await follow([events(400)])).requested).toEqual([addSeconds(began, -10)]);
  });

  test('does so for each second that has as many', async () => {
    expect((await follow([events(150), events(150)])).requested).toHaveLength(2);
  });

  test('reads what happened in a short gap, and sweeps', async () => {
    const { requested, wantedAtFirst } = await follow([], { lastAlive: addSeconds(began, -900) });
    expect(requested).toEqual([addSeconds(began, -910)]);
    expect(wantedAtFirst).toMatchObject({ sweepWanted: true, walkWanted: false });
  });

  test('reads all runs after a longer gap', async () => {
    const { requested, wantedAtFirst } = await follow([], { lastAlive: addSeconds(began, -901) });
    expect(requested).toEqual([]);
    expect(wantedAtFirst).toMatchObject({ sweepWanted: true, walkWanted: true });
  });

  test('sweeps where there is no room for the run of an event', async () => {
    const wants = async (hasRoom: boolean) =>
      (await follow([[eventOf(1, 'run')]], { hasRoom })).progress.sweepWanted;
    expect([await wants(true), await wants(false)]).toEqual([false, true]);
  });

  test('passes events without a run to the probe', async () => {
    const { gathered, probed } = await follow([[eventOf(1, null), eventOf(2, 'run')]]);
    expect([gathered, probed]).toEqual([['2'], ['1']]);
  });
});
