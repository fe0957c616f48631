import type { State } from '../domain/state';
import type { StateChange } from '../messaging/stateChanges';

/** What a state takes without its texts and JSON, in bytes, roughly. */
const bytesOfFields = 500;

function bytesOfValue(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 16;
  for (const [key, item] of Object.entries(value)) bytes += key.length + bytesOfValue(item);
  return bytes;
}

const bytesOfState = (state: State | null): number =>
  state === null ? 0 : bytesOfFields + (state.message?.length ?? 0) + bytesOfValue(state.data);

// All subscribers are sent the same batch, which is measured once.
const measured = new WeakMap<readonly StateChange[], number>();

/** The size of state changes in memory, in bytes, roughly. */
export function bytesOfChanges(changes: readonly StateChange[]): number {
  const known = measured.get(changes);
  if (known !== undefined) return known;
  const bytes = changes.reduce(
    (sum, { state, previousState }) => sum + bytesOfState(state) + bytesOfState(previousState),
    0,
  );
  measured.set(changes, bytes);
  return bytes;
}
