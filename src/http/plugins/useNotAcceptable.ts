import { isAsyncIterable, type Plugin } from 'graphql-yoga';

const message =
  'The Accept header names no media type of the response. Queries and mutations: application/json or ' +
  'application/graphql-response+json. Subscriptions: text/event-stream, or a WebSocket of the graphql-ws protocol ' +
  '(graphql-transport-ws) at the same URL.';

/** Responds with 406 and the transports that there are, where the client accepts none of them, and ends what was begun. */
export function useNotAcceptable(): Plugin {
  return {
    async onResultProcess({ result, resultProcessor, setResultProcessor }) {
      if (resultProcessor !== undefined) return;
      if (isAsyncIterable(result)) await result[Symbol.asyncIterator]().return?.();
      setResultProcessor(
        (_result, fetchAPI) =>
          fetchAPI.Response.json(
            { errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] },
            { status: 406 },
          ),
        'application/json',
      );
    },
  };
}
