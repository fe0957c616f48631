import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { createLimiter } from '../../platform/limiter';
import type { Context } from '../context';

/** A stream that calls back once when it has ended for any reason. */
function onEnd<Value>(stream: AsyncIterable<Value>, end: () => void): AsyncIterableIterator<Value> {
  const iterator = stream[Symbol.asyncIterator]();
  return {
    async next() {
      try {
        const next = await iterator.next();
        if (next.done) end();
        return next;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return(value?: unknown) {
      end();
      return (await iterator.return?.(value)) ?? { done: true, value };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Limits the open subscriptions of a caller, over all transports. */
export function useSubscriptionLimit(settings: {
  readonly maxSubscriptionsPerCaller: number;
}): Plugin<Context> {
  const { maxSubscriptionsPerCaller: max } = settings;
  const limiter = createLimiter(max);

  const tooMany = (caller: string): ExecutionResult => ({
    errors: [
      new GraphQLError(
        `${caller} has ${max} subscriptions, as many as MAX_SUBSCRIPTIONS_PER_CALLER allows. End one first.`,
        { extensions: { code: 'UNAVAILABLE', http: { status: 429 } } },
      ),
    ],
  });

  return {
    onSubscribe({ args, subscribeFn, setSubscribeFn, setResultAndStopExecution }) {
      const { caller } = args.contextValue;
      const release = limiter.acquire(caller);
      if (release === null) return setResultAndStopExecution(tooMany(caller));
      setSubscribeFn(async subscribeArgs => {
        try {
          const result: unknown = await subscribeFn(subscribeArgs);
          if (isAsyncIterable(result)) return onEnd(result, release);
          release();
          return result;
        } catch (error) {
          release();
          throw error;
        }
      });
    },
  };
}
