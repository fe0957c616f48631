import { createPubSub, type Repeater } from 'graphql-yoga';
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
  subscribe(): Repeater<readonly StateChange[]>;
}

/** State changes among those who listen in this process. */
export function createStateChanges(): StateChanges {
  const pubSub = createPubSub<{ stateChanges: [readonly StateChange[]] }>();
  return {
    publish(changes) {
      if (changes.length > 0) pubSub.publish('stateChanges', changes);
    },
    subscribe: () => pubSub.subscribe('stateChanges'),
  };
}
