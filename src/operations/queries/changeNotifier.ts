import type { BulkOperationId } from '../../domain/identifiers';
import type { Services } from '../../transitions/services';

/** How long a watcher waits for a signal before it reads the ledger by itself: signals can be lost. */
const pollMilliseconds = 1000;
/** Milliseconds between two reports of progress: at most four come in a second. */
const progressMilliseconds = 250;

/** Waits for signals about operations. A signal that comes between two waits ends the next one. */
interface ChangeNotifier {
  /** Waits for a signal, at most a second; false once it is closed, also amid a wait. */
  waitForChange(): Promise<boolean>;
  /** The same, and at least a quarter of a second. */
  waitForProgress(): Promise<boolean>;
  close(): void;
}

/** Subscribes to the signals about the operations that concern a watcher. */
export function subscribe(
  { operationSignals, monotonicClock }: Services,
  concerns: (id: BulkOperationId) => boolean,
): ChangeNotifier {
  let isOpen = true;
  let hasChanged = false;
  let wake: (() => void) | null = null;
  const unsubscribe = operationSignals.subscribe(moved => {
    if (!concerns(moved)) return;
    hasChanged = true;
    wake?.();
  });
  async function waitForChange(): Promise<boolean> {
    if (!hasChanged && isOpen) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, pollMilliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    wake = null;
    hasChanged = false;
    return isOpen;
  }
  return {
    waitForChange,
    async waitForProgress() {
      const start = monotonicClock();
      if (!(await waitForChange())) return false;
      const rest = progressMilliseconds - (monotonicClock() - start);
      if (rest > 0) await new Promise(resolve => setTimeout(resolve, rest));
      return isOpen;
    },
    close() {
      isOpen = false;
      unsubscribe();
      wake?.();
    },
  };
}

/** A stream whose source is closed at once when its reader leaves, even while it waits. */
export function stream<Value>(changes: ChangeNotifier, source: AsyncGenerator<Value>): AsyncGenerator<Value> {
  const leave = source.return.bind(source);
  source.return = value => {
    changes.close();
    return leave(value);
  };
  return source;
}
