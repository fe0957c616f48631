import type { FlowRunId, StateId } from '../../../src/domain/identifiers';
import type { UpstreamEvent } from '../../../src/upstream/client/upstreamClient';
import { createRunsOfEvents, type RunOfEvent } from '../../../src/upstream/mirror/runsOfEvents';
import { at, idOf } from '../../persistence/sampleRuns';

const flowRunId = idOf<FlowRunId>(1);
const event = (occurred: number, stateNumber: number | null): UpstreamEvent => ({
  id: idOf(occurred),
  event: 'prefect.flow-run.Running',
  occurred: at(occurred),
  flowRunId,
  stateId: stateNumber === null ? null : idOf<StateId>(stateNumber),
});

describe('the list of runs to read', () => {
  let now: number;
  const listOf = (...events: UpstreamEvent[]) => {
    now = 0;
    const runs = createRunsOfEvents(() => now);
    for (const added of events) runs.add(added);
    return runs;
  };
  const takeOnly = (runs: ReturnType<typeof listOf>): RunOfEvent | undefined => {
    now += 10_000;
    const taken = runs.takeDue(10);
    expect(taken.length).toBeLessThan(2);
    return taken[0];
  };

  test('has of each run the newest event that reports a state, in whatever order they come', () => {
    const newest = { stateId: idOf(52), occurred: at(2) };
    const events = [event(1, 51), event(2, 52), event(3, null)];
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ])
      expect(takeOnly(listOf(...order.map(index => events[index] as UpstreamEvent)))).toMatchObject(newest);
    expect(takeOnly(listOf(event(3, null)))).toMatchObject({ stateId: null });
  });

  test('does not lose the state of a run that is put back while an event without a state waits', () => {
    const runs = listOf(event(1, 51));
    const run = takeOnly(runs) as RunOfEvent;
    runs.add(event(2, null));
    runs.putBack(run);
    expect(takeOnly(runs)).toMatchObject({ stateId: idOf(51), tries: 1 });
    runs.add(event(3, 53));
    runs.putBack(run);
    expect(takeOnly(runs)).toMatchObject({ stateId: idOf(53), tries: 0 });
  });

  test('waits longer each time for a state that is not shown, more than six seconds in all', () => {
    const runs = listOf(event(1, 51));
    const waits: number[] = [];
    for (let tries = 0; tries <= 3; tries++) {
      const begun = now;
      let [run] = runs.takeDue(10);
      for (; run === undefined; [run] = runs.takeDue(10)) now += 100;
      waits.push(now - begun);
      runs.putBack(run);
    }
    expect(waits).toEqual([300, 300, 1200, 4800]);
  });

  test('leaves out a run that has not shown its state after three tries', () => {
    const runs = listOf(event(1, 51));
    for (let tries = 0; tries <= 3; tries++) {
      const run = takeOnly(runs) as RunOfEvent;
      expect(run.tries).toBe(tries);
      runs.putBack(run);
    }
    expect(runs.size).toBe(0);
  });
});
