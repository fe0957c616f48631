import type { FlowRunId, StateId } from '../domain/identifiers';
import type { State } from '../domain/state';
import type { Bus } from './bus';
import type { StateChange, StateChanges, StateChangesListener } from './stateChanges';

/** Finds states by their ids; those of deleted runs are left out. */
export type FindStates = (ids: readonly StateId[]) => Promise<State[]>;

/** A change as it is sent: ids alone, for a state may carry megabytes. Who listens reads the states where they are kept. */
type SentChange = readonly [FlowRunId, StateId, StateId | null];

const changesInMessage = 250;
/** Messages that wait for their states to be read, at most. */
const maxQueue = 1000;

function* messagesOf(changes: readonly StateChange[]): Generator<string> {
  for (let start = 0; start < changes.length; start += changesInMessage) {
    const sent = changes
      .slice(start, start + changesInMessage)
      .map(
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
 * State changes among all instances, in the order in which Redis takes them: that of the writes, for each instance. Whoever
 * may have missed one is let go, and nobody is let in while others cannot be heard.
 *
 * @param onUnreadable told why changes that came could not be read.
 */
export function createSharedStateChanges(
  bus: Bus,
  findStates: FindStates,
  onUnreadable: (error: unknown) => void,
): StateChanges {
  const subscribers = new Map<symbol, { listener: StateChangesListener; onMissed: () => void }>();
  let reading: Promise<void> = Promise.resolve();
  let queued = 0;

  function letAllGo(): void {
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

  bus.onMissed(letAllGo);
  bus.listen('state-changes', message => {
    if (subscribers.size === 0) return;
    if (queued >= maxQueue) return letAllGo();
    queued++;
    // One after the other: the states of a run must be told in their order.
    reading = reading
      .then(() => passOn(message))
      .catch((error: unknown) => {
        onUnreadable(error);
        letAllGo();
      })
      .finally(() => {
        queued--;
      });
  });

  return {
    publish(changes) {
      // What is lost here is told as missed by the bus.
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
