import type { FlowRunId } from '../../domain/identifiers';

/** Runs of the server that could not be read, and are left as they were. */
export interface UnreadableRuns {
  /** How many they are, of those that are known by their ids; 10,000 at most. */
  readonly size: number;
  /**
   * Notes a run, and reports it the first time.
   *
   * @param detail what is wrong: the first field that is, without its value, or how the server fails.
   */
  note(id: FlowRunId, detail: string): void;
  /** Reports a run whose id the server does not show, the first time. */
  noteUnnamed(place: string, detail: string): void;
  /** Forgets runs that were read, or are gone. */
  forget(ids: Iterable<FlowRunId>): void;
  /** Forgets all: a walk begins, which meets them again. */
  clear(): void;
}

/** Reports a run that could not be read, by its id or where it was met. */
export type ReportUnreadable = (found: { flowRunId: FlowRunId } | { place: string }, detail: string) => void;

const maxNoted = 10_000;
/** How many are reported at most: where the server has a new kind of state, thousands of lines would say the same. */
const maxReported = 100;

/** Makes what remembers the runs that could not be read. */
export function createUnreadableRuns(report: ReportUnreadable): UnreadableRuns {
  const noted = new Set<FlowRunId>();
  const places = new Set<string>();
  return {
    get size() {
      return noted.size;
    },
    note(id, detail) {
      if (noted.has(id) || noted.size >= maxNoted) return;
      noted.add(id);
      if (noted.size <= maxReported) report({ flowRunId: id }, detail);
    },
    noteUnnamed(place, detail) {
      if (places.has(place) || places.size >= maxReported) return;
      places.add(place);
      report({ place }, detail);
    },
    forget(ids) {
      if (noted.size === 0) return;
      for (const id of ids) noted.delete(id);
    },
    clear() {
      noted.clear();
      places.clear();
    },
  };
}
