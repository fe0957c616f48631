import type { RequestRejection } from './requestRejection';

/** Rejects a client that accepts no media type of the response, with the available transports. */
export const notAcceptable: RequestRejection = {
  status: 406,
  code: 'BAD_USER_INPUT',
  message:
    'The Accept header names no media type of the response. Queries and mutations: application/json or ' +
    'application/graphql-response+json. Subscriptions: text/event-stream, or a WebSocket of the graphql-ws protocol ' +
    '(graphql-transport-ws) at the same URL.',
};
