import type { FlowRunId } from '../../domain/identifiers';

/** Runs of the server that could not be read or stored, and are left as they were. */
export interface UnreadableRuns {
  /** How many they are, of those that are known by their ids; 10,000 at most. */
  readonly size: number;
  /**
   * Notes a run that could not be read, and reports it the first time.
   *
   * @param detail what is wrong: the first field that is, without its value, or how the server fails.
   */
  note(id: FlowRunId, detail: string): void;
  /** Notes a run that could be read, but whose copy could not be stored, and reports it the first time; returns whether it is that. */
  noteUnstored(id: FlowRunId, detail: string): boolean;
  /** Reports what has no id of a run, the first time; returns whether it is that. */
  noteUnnamed(place: string, detail: string): boolean;
  /** Forgets runs that could be read. */
  forget(ids: Iterable<FlowRunId>): void;
  /** Forgets runs whose copies were stored, or that are gone. */
  forgetUnstored(ids: Iterable<FlowRunId>): void;
  /** Forgets all: a walk begins, which meets them again. */
  clear(): void;
}

/** Reports what could not be read or stored, by the id of the run or where it was met. */
export type ReportUnreadable = (found: { flowRunId: FlowRunId } | { place: string }, detail: string) => void;

const maxNoted = 10_000;
/** How many are reported at most: where the server has a new kind of state, thousands of lines would say the same. */
const maxReported = 100;

const forgetIn = (noted: Set<FlowRunId>, ids: Iterable<FlowRunId>): void => {
  if (noted.size === 0) return;
  for (const id of ids) noted.delete(id);
};

/** Makes what remembers the runs that could not be read or stored. */
export function createUnreadableRuns(report: ReportUnreadable): UnreadableRuns {
  const unread = new Set<FlowRunId>();
  const unstored = new Set<FlowRunId>();
  const places = new Set<string>();

  function noteIn(noted: Set<FlowRunId>, id: FlowRunId, detail: string): boolean {
    if (noted.has(id) || noted.size >= maxNoted) return false;
    noted.add(id);
    if (noted.size > maxReported) return false;
    report({ flowRunId: id }, detail);
    return true;
  }

  return {
    get size() {
      return unread.size + unstored.size;
    },
    note(id, detail) {
      unstored.delete(id);
      noteIn(unread, id, detail);
    },
    noteUnstored: (id, detail) => noteIn(unstored, id, detail),
    noteUnnamed(place, detail) {
      if (places.has(place) || places.size >= maxReported) return false;
      places.add(place);
      report({ place }, detail);
      return true;
    },
    forget: ids => forgetIn(unread, ids),
    forgetUnstored: ids => forgetIn(unstored, ids),
    clear() {
      unread.clear();
      unstored.clear();
      places.clear();
    },
  };
}
