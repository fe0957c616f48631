/**
 * Batches that are published for one subscriber and not yet read, oldest first. It bounds what waits inside this process.
 * Two other places disconnect slow readers: `hasRoom` in `http/sockets/socketTransport.ts`, for bytes that a WebSocket has
 * not sent, and `http/sockets/stalledResponses.ts`, for HTTP responses and server-sent events that the client does not read.
 */
interface Backlog<Item> extends AsyncIterable<readonly Item[]> {
  /** Adds a batch. Never waits for the reader. */
  push(batch: readonly Item[]): void;
  /** Ends the iteration at once, even while it waits for a batch. */
  close(): void;
  /** Ends the iteration at once with an error. */
  fail(error: Error): void;
}

/** How far a reader may fall behind. */
interface BacklogLimits<Item> {
  readonly maxItems: number;
  /** A single batch may be larger, because it is in memory already. */
  readonly maxBytes: number;
  /** The approximate size of a batch in memory. */
  bytesOf(batch: readonly Item[]): number;
}

/**
 * Creates a backlog with limits. If the reader exceeds a limit, the backlog is dropped and the error is thrown to the
 * reader: memory stays bounded, and publishers never wait.
 */
export function createSubscriberBacklog<Item>(
  limits: BacklogLimits<Item>,
  tooLong: () => Error,
): Backlog<Item> {
  const { maxItems, maxBytes, bytesOf } = limits;
  let batches: { batch: readonly Item[]; bytes: number }[] = [];
  let items = 0;
  let bytes = 0;
  let end: { error: Error | null } | null = null;
  let wake = (): void => undefined;

  const finish = (error: Error | null): void => {
    batches = [];
    end ??= { error };
    wake();
  };
  const somethingNew = (): Promise<void> =>
    new Promise(resolve => {
      wake = resolve;
    });

  return {
    push(batch) {
      if (end !== null) return;
      const size = bytesOf(batch);
      items += batch.length;
      bytes += size;
      if (items > maxItems || (batches.length > 0 && bytes > maxBytes)) return finish(tooLong());
      batches.push({ batch, bytes: size });
      wake();
    },
    close: () => finish(null),
    fail: finish,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = batches.shift();
        if (next !== undefined) {
          items -= next.batch.length;
          bytes -= next.bytes;
          yield next.batch;
        } else if (end === null) await somethingNew();
        else if (end.error === null) return;
        else throw end.error;
      }
    },
  };
}
