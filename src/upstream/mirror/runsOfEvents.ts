import type { FlowRunId, StateId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { UpstreamEvent } from '../client/upstreamClient';

/** A run that may have changed. */
export interface RunOfEvent {
  flowRunId: FlowRunId;
  /** The state that an event reported; null: it reported none. */
  stateId: StateId | null;
  occurred: Instant;
  /** How often the run was read for this event, and did not show its state. */
  tries: number;
  /** Milliseconds of the monotonic clock at which it is due. */
  due: number;
}

/** The runs to read because of events; of each the newest event that reports a state, where there is one. */
export interface RunsOfEvents {
  readonly size: number;
  /** Adds the run of an event; returns false where the list is full. */
  add(event: UpstreamEvent): boolean;
  /** Takes the runs that are due, at most a page. */
  takeDue(limit: number): RunOfEvent[];
  /** Puts a run back that did not show the state yet; after three tries it is left out, because there are events of what never came to be. */
  putBack(run: RunOfEvent): void;
}

const maxRuns = 20_000;
const maxTries = 3;
/** How long events are gathered before their runs are read. */
const gatherMilliseconds = 300;
/** How much longer each wait is than the one before: a busy server commits some seconds after it has sent the event. */
const waitFactor = 4;

/** Makes an empty list, of limited size. */
export function createRunsOfEvents(monotonicClock: () => number): RunsOfEvents {
  const runs = new Map<FlowRunId, RunOfEvent>();
  return {
    get size() {
      return runs.size;
    },
    add({ flowRunId, stateId, occurred }) {
      if (flowRunId === null) return true;
      const known = runs.get(flowRunId);
      // An event without a state says less than one with a state, however old.
      if (known !== undefined && (stateId === null || (known.stateId !== null && known.occurred > occurred)))
        return true;
      if (known === undefined && runs.size >= maxRuns) return false;
      const due = known?.due ?? monotonicClock() + gatherMilliseconds;
      runs.set(flowRunId, { flowRunId, stateId, occurred, tries: 0, due });
      return true;
    },
    takeDue(limit) {
      const now = monotonicClock();
      const due: RunOfEvent[] = [];
      for (const run of runs.values()) {
        if (due.length === limit) break;
        if (run.due <= now) due.push(run);
      }
      for (const { flowRunId } of due) runs.delete(flowRunId);
      return due;
    },
    putBack(run) {
      const known = runs.get(run.flowRunId);
      if (run.tries >= maxTries || (known !== undefined && known.stateId !== null)) return;
      const due = known?.due ?? monotonicClock() + gatherMilliseconds * waitFactor ** run.tries;
      runs.set(run.flowRunId, { ...run, tries: run.tries + 1, due });
    },
  };
}
