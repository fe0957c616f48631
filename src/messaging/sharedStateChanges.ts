import type { FlowRunId, StateId } from '../domain/identifiers';
import type { State } from '../domain/state';
import { slicesOf } from '../platform/slicesOf';
import type { Bus } from './bus';
import type { StateChange, StateChanges, StateChangesListener } from './stateChanges';

/** Finds states by their ids, without those of deleted runs. */
export type FindStates = (ids: readonly StateId[]) => Promise<State[]>;

/**
 * A change in a message: only ids, because a state may have megabytes. The listeners read the states from the
 * database.
 */
type SentChange = readonly [FlowRunId, StateId, StateId | null];

const changesInMessage = 250;
/** The maximum number of messages that wait for their states to be read. */
const maxQueue = 1000;

function* messagesOf(changes: readonly StateChange[]): Generator<string> {
  for (const part of slicesOf(changes, changesInMessage)) {
    const sent = part.map(
      ({ flowRunId, state, previousState }): SentChange => [flowRunId, state.id, previousState?.id ?? null],
    );
    yield JSON.stringify(sent);
  }
}

async function readChanges(message: string, findStates: FindStates): Promise<StateChange[]> {
  const sent = JSON.parse(message) as readonly SentChange[];
  const ids = new Set(sent.flatMap(([, id, previousId]) => (previousId === null ? [id] : [id, previousId])));
  const states = new Map((await findStates([...ids])).map(state => [state.id, state]));
  return sent.flatMap(([flowRunId, id, previousId]) => {
    const state = states.get(id);
    const previousState = previousId === null ? null : (states.get(previousId) ?? null);
    return state === undefined ? [] : [{ flowRunId, state, previousState }];
  });
}

/**
 * Creates state changes between all instances. Each instance receives them in the order of the writes. A subscription
 * ends if a change may be missing, and none starts while other instances cannot be received.
 *
 * @param onUnreadable receives the cause if changes could not be read.
 */
export function createSharedStateChanges(
  bus: Bus,
  findStates: FindStates,
  onUnreadable: (error: unknown) => void,
): StateChanges {
  const subscribers = new Map<symbol, { listener: StateChangesListener; onMissed: () => void }>();
  let reading: Promise<void> = Promise.resolve();
  let queued = 0;

  function endAll(): void {
    const all = [...subscribers.values()];
    subscribers.clear();
    for (const { onMissed } of all) onMissed();
  }

  async function passOn(message: string): Promise<void> {
    if (subscribers.size === 0) return;
    const changes = await readChanges(message, findStates);
    if (changes.length === 0) return;
    for (const { listener } of subscribers.values()) listener(changes);
  }

  bus.onMissed(endAll);
  bus.listen('state-changes', message => {
    if (subscribers.size === 0) return;
    if (queued >= maxQueue) return endAll();
    queued++;
    // One after the other, so that the states of a run arrive in order.
    reading = reading
      .then(() => passOn(message))
      .catch((error: unknown) => {
        onUnreadable(error);
        endAll();
      })
      .finally(() => {
        queued--;
      });
  });

  return {
    publish(changes) {
      // The bus reports lost messages to the listeners.
      for (const message of messagesOf(changes)) bus.publish('state-changes', message).catch(() => undefined);
    },
    subscribe(listener, onMissed) {
      const key = Symbol('subscriber');
      if (bus.isListening()) subscribers.set(key, { listener, onMissed });
      else onMissed();
      return () => void subscribers.delete(key);
    },
  };
}
