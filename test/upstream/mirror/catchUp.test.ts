import type { Instant } from '../../../src/domain/instant';
import type { UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { createCatchUp } from '../../../src/upstream/mirror/catchUp';
import type { MirrorServices } from '../../../src/upstream/mirror/copyFlowRuns';
import { createRunsOfEvents } from '../../../src/upstream/mirror/runsOfEvents';
import { at } from '../../persistence/sampleRuns';
import { emptyServer } from './emptyServer';

const { signal } = new AbortController();

describe('catching up with stored events', () => {
  let now: number;
  let read: { from: Instant; seconds: number }[];
  const monotonicClock = () => now;
  /** Catches up with a server whose events are read as a test says. */
  const catchUpWith = (whenRead: () => void = () => undefined) => {
    const findEvents: UpstreamClient['findEvents'] = async function* ({ from }) {
      read.push({ from, seconds: now / 1000 });
      whenRead();
      yield* [];
    };
    const services = { clock: () => at(0), monotonicClock } as unknown as MirrorServices;
    return createCatchUp(
      services,
      emptyServer({ findEvents }),
      createRunsOfEvents(monotonicClock),
      () => undefined,
    );
  };
  beforeEach(() => {
    now = 0;
    read = [];
  });

  test('reads them six seconds later, from the time that was asked for', async () => {
    const catchUp = catchUpWith();
    catchUp.request(at(5));
    for (; now < 10_000; now += 500) await catchUp.runIfDue(signal);
    expect(read).toEqual([{ from: at(5), seconds: 6 }]);
  });

  test('is not postponed by a stream that breaks again and again, and reads again what was asked for meanwhile', async () => {
    const catchUp = catchUpWith();
    for (; now < 20_000; now += 2000) {
      catchUp.request(at(now));
      await catchUp.runIfDue(signal);
    }
    expect(read).toEqual([
      { from: at(0), seconds: 6 },
      { from: at(2000), seconds: 12 },
      { from: at(8000), seconds: 18 },
    ]);
    for (; now < 60_000; now += 2000) await catchUp.runIfDue(signal);
    expect(read.slice(3)).toEqual([{ from: at(14_000), seconds: 24 }]);
  });

  test('reads from the earliest time after a failure, and not before all are stored', async () => {
    let fails = true;
    const catchUp = catchUpWith(() => {
      if (!fails) return;
      fails = false;
      catchUp.request(at(1));
      throw new Error('the server is away');
    });
    catchUp.request(at(5));
    now = 6000;
    await expect(catchUp.runIfDue(signal)).rejects.toThrow('the server is away');
    for (; now < 30_000; now += 1000) await catchUp.runIfDue(signal);
    expect(read).toEqual([
      { from: at(5), seconds: 6 },
      { from: at(1), seconds: 12 },
    ]);
  });
});
