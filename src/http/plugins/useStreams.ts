import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { type Actor, onExpiry } from '../../authentication';
import { type SwitchyardError, unauthenticated, unavailable } from '../../domain/errors';
import { type EndableStream, endableStream } from '../../platform/endableStream';
import type { Context } from '../context';

/** The open streams of server-sent events. */
export interface OpenStreams {
  /** Adds a stream. It ends with an error when its caller's credentials expire. */
  add(stream: AsyncIterable<ExecutionResult>, actor: Actor): AsyncIterable<ExecutionResult>;
  /** Ends all streams with an error, and later ones at once. */
  endAll(): void;
}

const lastResult = ({ code, message }: SwitchyardError): ExecutionResult => ({
  errors: [new GraphQLError(message, { extensions: { code } })],
});

const expired = lastResult(unauthenticated('The token has expired. Subscribe again with a new one.'));
const stopping = lastResult(
  unavailable(
    'The gateway is stopping. Subscribe again; where the subscription has cursors, from the last one.',
  ),
);

/** Creates the list of open streams of a server. */
export function createOpenStreams(): OpenStreams {
  const streams = new Set<EndableStream<ExecutionResult>>();
  let isStopping = false;
  return {
    add(source, actor) {
      let stopWaiting = (): void => undefined;
      const stream = endableStream(source, () => {
        streams.delete(stream);
        stopWaiting();
      });
      streams.add(stream);
      stopWaiting = onExpiry(actor, () => stream.end(expired));
      if (isStopping) stream.end(stopping);
      return stream;
    },
    endAll() {
      isStopping = true;
      for (const stream of streams) stream.end(stopping);
    },
  };
}

/**
 * Ends server-sent events with an error and then `complete`, so that clients can distinguish it from the end of the
 * subscription. Asks proxies not to buffer events.
 */
export function useStreams(streams: OpenStreams): Plugin<Context> {
  return {
    onExecutionResult({ result, setResult, context }) {
      if (!isAsyncIterable(result)) return;
      // The type is that of the context before execution extends it.
      const { actor } = context as unknown as Context;
      setResult(streams.add(result as AsyncIterable<ExecutionResult>, actor));
    },
    onResponse({ response }) {
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return;
      response.headers.set('x-accel-buffering', 'no');
      // The HTTP server decides whether the connection stays open.
      response.headers.delete('connection');
    },
  };
}
