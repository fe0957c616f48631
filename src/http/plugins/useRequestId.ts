import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { requestScope } from '../../platform/logging';

const header = 'x-request-id';
const sane = /^[\w.:/+=@-]{1,128}$/;

/**
 * Assigns an id to each request: its `x-request-id`, or a new UUID. The response and all log lines of the request
 * contain it.
 */
export function useRequestId(newRequestId: () => string = randomUUID): Plugin {
  return {
    instrumentation: {
      request({ request }, respond) {
        const brought = request.headers.get(header);
        const requestId = brought !== null && sane.test(brought) ? brought : newRequestId();
        return requestScope.run({ requestId }, respond);
      },
    },
    onResponse({ response }) {
      const requestId = requestScope.getStore()?.requestId;
      if (requestId !== undefined) response.headers.set(header, requestId);
    },
  };
}
