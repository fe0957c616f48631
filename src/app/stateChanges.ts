import { EventEmitter, on } from 'node:events';
import type { FlowRunId } from '../domain/identifiers';
import type { State } from '../domain/state';

/** A state that was written to a run. */
export interface StateChange {
  flowRunId: FlowRunId;
  state: State;
  previousState: State | null;
}

/** Passes on what was written, batch by batch. */
export interface StateChanges {
  publish(changes: readonly StateChange[]): void;
  subscribe(): AsyncIterable<readonly StateChange[]>;
}

/** State changes among those who listen in this process. */
export function createStateChanges(): StateChanges {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    publish(changes) {
      if (changes.length > 0) emitter.emit('changes', changes);
    },
    async *subscribe() {
      for await (const [changes] of on(emitter, 'changes') as AsyncIterable<[readonly StateChange[]]>)
        yield changes;
    },
  };
}
