import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { requestScope } from '../../platform/logging';

const header = 'x-request-id';
const sane = /^[\w.:/+=@-]{1,128}$/;

/**
 * Gives every request an id: the one it brings in `x-request-id`, or a new UUID. The answer carries it, and so does
 * every line that is logged meanwhile.
 */
export function useRequestId(newRequestId: () => string = randomUUID): Plugin {
  return {
    instrumentation: {
      request({ request }, answer) {
        const brought = request.headers.get(header);
        const requestId = brought !== null && sane.test(brought) ? brought : newRequestId();
        return requestScope.run({ requestId }, answer);
      },
    },
    onResponse({ response }) {
      const requestId = requestScope.getStore()?.requestId;
      if (requestId !== undefined) response.headers.set(header, requestId);
    },
  };
}
