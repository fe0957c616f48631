import { EventEmitter } from 'node:events';
import type { FlowRunId } from '../domain/identifiers';
import type { State } from '../domain/state';

/** A state that was written to a run. */
export interface StateChange {
  flowRunId: FlowRunId;
  state: State;
  previousState: State | null;
}

/** Told of what was written, batch by batch. It must not wait and must not throw. */
export type StateChangesListener = (changes: readonly StateChange[]) => void;

/** Passes on what was written. */
export interface StateChanges {
  publish(changes: readonly StateChange[]): void;
  /**
   * Tells the listener of all that is written from now on; the answer stops that at once. Where changes may have been
   * missed, `onMissed` is called, and the listener hears no more.
   */
  subscribe(listener: StateChangesListener, onMissed: () => void): () => void;
}

/** State changes among those who listen in this process; none is ever missed. */
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
