/** What clients did. */
export type Deed = 'page' | 'nested page' | 'count' | '50-run call' | 'subscription' | 'operation';

/** Counts what clients did and collects what went wrong. */
export interface Tally {
  /** Does a deed, and counts it, or keeps its error. */
  count(deed: Deed, work: () => Promise<unknown>): Promise<void>;
  done(): ReadonlyMap<Deed, number>;
  /** The first errors of each text, and how often each came. */
  errors(): ReadonlyMap<string, number>;
}

const maxLength = 300;

/** An empty tally. */
export function createTally(): Tally {
  const done = new Map<Deed, number>();
  const errors = new Map<string, number>();
  const add = <Key>(counts: Map<Key, number>, key: Key): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  return {
    async count(deed, work) {
      try {
        await work();
        add(done, deed);
      } catch (error) {
        const cause = error instanceof Error && error.cause ? ` (${String(error.cause)})` : '';
        add(errors, `${deed}: ${String(error)}${cause}`.slice(0, maxLength));
      }
    },
    done: () => done,
    errors: () => errors,
  };
}
