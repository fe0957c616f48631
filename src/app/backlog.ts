/** What was published for one reader and not read yet, batch by batch, oldest first. */
export interface Backlog<Item> extends AsyncIterable<readonly Item[]> {
  /** Adds a batch, and never waits for the reader. */
  push(batch: readonly Item[]): void;
  /** Ends the reading at once, even while it waits for a batch. */
  close(): void;
  /** Ends the reading at once, and throws the error to the reader. */
  fail(error: Error): void;
}

/**
 * A backlog of at most so many items. A reader who falls further behind loses it all, and is thrown the error instead:
 * memory stays bounded, and whoever publishes is never held up.
 */
export function createBacklog<Item>(longest: number, tooLong: () => Error): Backlog<Item> {
  let batches: (readonly Item[])[] = [];
  let length = 0;
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
      length += batch.length;
      if (length > longest) return finish(tooLong());
      batches.push(batch);
      wake();
    },
    close: () => finish(null),
    fail: finish,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const batch = batches.shift();
        if (batch !== undefined) {
          length -= batch.length;
          yield batch;
        } else if (end === null) await somethingNew();
        else if (end.error === null) return;
        else throw end.error;
      }
    },
  };
}
