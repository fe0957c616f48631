/** A stream that can be ended from outside with a last value. */
export interface EndableStream<Value> extends AsyncIterableIterator<Value> {
  /** Ends the stream after this value, even while the reader waits. */
  end(last: Value): void;
}

/**
 * Makes a stream endable.
 *
 * @param onEnd called once when the stream has ended for any reason.
 */
export function endableStream<Value>(source: AsyncIterable<Value>, onEnd: () => void): EndableStream<Value> {
  const iterator = source[Symbol.asyncIterator]();
  let last: { value: Value } | null = null;
  let hasEnded = false;
  let wake = (): void => undefined;

  function finish(): void {
    if (hasEnded) return;
    hasEnded = true;
    onEnd();
  }

  /** The next value of the source; null if the stream is ended first. */
  async function nextOfSource(): Promise<IteratorResult<Value> | null> {
    if (last !== null) return null;
    const ended = new Promise<null>(resolve => {
      wake = () => resolve(null);
    });
    return Promise.race([iterator.next(), ended]);
  }

  return {
    end(value) {
      last ??= { value };
      wake();
    },
    async next() {
      if (hasEnded) return { done: true, value: undefined };
      try {
        const next = await nextOfSource();
        if (next?.done) finish();
        if (next !== null) return next;
      } catch (error) {
        finish();
        throw error;
      }
      finish();
      await iterator.return?.();
      return last === null ? { done: true, value: undefined } : { done: false, value: last.value };
    },
    async return(value?: unknown) {
      finish();
      return (await iterator.return?.(value)) ?? { done: true, value };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
