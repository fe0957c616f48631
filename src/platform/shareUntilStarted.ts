/** Work under a key: `started` is to be called when it begins to read what its result depends on. */
type SharedWork<Result> = (signal: AbortSignal, started: () => void) => Promise<Result>;

/** Runs work, or joins the same work that another caller waits for. */
export type Share = <Result>(
  key: string,
  signal: AbortSignal | undefined,
  work: SharedWork<Result>,
) => Promise<Result>;

interface Waiting {
  readonly result: Promise<unknown>;
  readonly abort: AbortController;
  callers: number;
}

/** Waits for shared work. Its signal is aborted when no caller waits any more. */
function join(work: Waiting, signal: AbortSignal | undefined): Promise<unknown> {
  work.callers += 1;
  if (signal === undefined) return work.result;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      work.callers -= 1;
      if (work.callers === 0) work.abort.abort(signal.reason);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave);
    work.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/**
 * Shares work among callers that ask for the same before it has started. Work that has started is never joined: a caller
 * always gets a result that was read after its call, so that it includes what the caller wrote before.
 */
export function createShare(): Share {
  const waiting = new Map<string, Waiting>();

  function start(key: string, work: SharedWork<unknown>): Waiting {
    const abort = new AbortController();
    const forget = (): void => {
      if (waiting.get(key) === entry) waiting.delete(key);
    };
    // In a later turn: `started` may be called at once.
    const result = Promise.resolve().then(() => work(abort.signal, forget));
    const entry: Waiting = { result: result.finally(forget), abort, callers: 0 };
    abort.signal.addEventListener('abort', forget);
    waiting.set(key, entry);
    return entry;
  }

  return async <Result>(key: string, signal: AbortSignal | undefined, work: SharedWork<Result>) => {
    signal?.throwIfAborted();
    return (await join(waiting.get(key) ?? start(key, work), signal)) as Result;
  };
}
