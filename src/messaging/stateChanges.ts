import { EventEmitter } from 'node:events';
import type { FlowRunId } from '../domain/identifiers';
import type { State } from '../domain/state';

/** A state that was written to a run. */
export interface StateChange {
  flowRunId: FlowRunId;
  state: State;
  previousState: State | null;
}

/** Receives written states, batch by batch. Must not wait and must not throw. */
export type StateChangesListener = (changes: readonly StateChange[]) => void;

/** Delivers written states to listeners. */
export interface StateChanges {
  publish(changes: readonly StateChange[]): void;
  /**
   * Calls `listener` for all states that are written from now on. If a change may be missing, calls `onMissed` once
   * and the subscription ends.
   *
   * @returns a function that ends the subscription at once.
   */
  subscribe(listener: StateChangesListener, onMissed: () => void): () => void;
}

/** Creates state changes within this process. None is ever missed. */
export function createStateChanges(): StateChanges {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    publish(changes) {
      if (changes.length > 0) emitter.emit('changes', changes);
    },
    subscribe(listener) {
      emitter.on('changes', listener);
      return () => void emitter.off('changes', listener);
    },
  };
}
