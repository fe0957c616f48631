import { setMaxListeners } from 'node:events';
import { SwitchyardError, timeout } from '../domain/errors';
import type { Gate } from '../persistence/connection/gate';
import type { Services } from './services';

const tooLong = (seconds: number): SwitchyardError =>
  timeout(
    `The request took longer than ${seconds} seconds and was abandoned. Changes that were not committed by then are ` +
      'rolled back. Read what was to change before you repeat the request.',
  );

const clientLeft = (): SwitchyardError =>
  new SwitchyardError('TIMEOUT', 'The client closed the request before it was done.');

/**
 * Waits for work for a number of seconds at most, and only while its client waits too. After that the signal is aborted, so
 * that the work can stop.
 *
 * @throws SwitchyardError TIMEOUT where it took longer, or the client closed the request.
 */
export async function withTimeLimit<Result>(
  seconds: number,
  client: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result> | Result,
): Promise<Result> {
  const controller = new AbortController();
  // Each read that waits in a queue listens, and a request may have many.
  setMaxListeners(0, controller.signal);
  let timer: NodeJS.Timeout | undefined;
  let leave = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = (error: SwitchyardError) => {
      controller.abort(error);
      reject(error);
    };
    leave = () => abort(clientLeft());
    timer = setTimeout(() => abort(tooLong(seconds)), seconds * 1000);
  });
  // AbortSignal.any would leave garbage for each request.
  if (client?.aborted) leave();
  client?.addEventListener('abort', leave);
  try {
    return await Promise.race([work(controller.signal), aborted]);
  } finally {
    clearTimeout(timer);
    client?.removeEventListener('abort', leave);
  }
}

/** The same gate for one request, which leaves the queue when the signal is aborted. */
const leftWith = (gate: Gate, signal: AbortSignal): Gate => ({
  async enter(maxMilliseconds) {
    const leave = await gate.enter(maxMilliseconds, signal);
    if (leave === null) signal.throwIfAborted();
    return leave;
  },
});

/**
 * The same services for one request: when the signal is aborted, an uncommitted transaction is rolled back, and
 * waiting work does not start.
 */
export const abandonedWith = (services: Services, signal: AbortSignal): Services => ({
  ...services,
  database: {
    ...services.database,
    lockWaits: leftWith(services.database.lockWaits, signal),
    scan: (kind, source, read, options) => services.database.scan(kind, source, read, { ...options, signal }),
    transaction: (work, options) =>
      services.database.transaction(
        async (connection, attempt) => {
          signal.throwIfAborted();
          const result = await work(connection, attempt);
          signal.throwIfAborted();
          return result;
        },
        { ...options, signal },
      ),
  },
});
