/** What was published for one reader and not read yet, batch by batch, oldest first. */
export interface Backlog<Item> extends AsyncIterable<readonly Item[]> {
  /** Adds a batch, and never waits for the reader. */
  push(batch: readonly Item[]): void;
  /** Ends the reading at once, even while it waits for a batch. */
  close(): void;
  /** Ends the reading at once, and throws the error to the reader. */
  fail(error: Error): void;
}

/** How far a reader may fall behind. */
export interface BacklogLimits<Item> {
  readonly maxItems: number;
  /** A single batch may be larger: it is in memory anyway. */
  readonly maxBytes: number;
  /** The size of a batch in memory, roughly. */
  bytesOf(batch: readonly Item[]): number;
}

/**
 * A backlog within limits. A reader who falls further behind loses it all, and the error is thrown instead: memory stays
 * bounded, and publishers never wait.
 */
export function createBacklog<Item>(limits: BacklogLimits<Item>, tooLong: () => Error): Backlog<Item> {
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
