import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { notAcceptable } from '../errors/notAcceptable';
import { rejectionBody } from '../errors/requestRejection';

/** Responds with 406 and the available transports if the client accepts none, and ends what was started. */
export function useNotAcceptable(): Plugin {
  return {
    async onResultProcess({ result, resultProcessor, setResultProcessor }) {
      if (resultProcessor !== undefined) return;
      if (isAsyncIterable(result)) await result[Symbol.asyncIterator]().return?.();
      setResultProcessor(
        (_result, fetchAPI) =>
          fetchAPI.Response.json(rejectionBody('/graphql', notAcceptable), { status: notAcceptable.status }),
        'application/json',
      );
    },
  };
}
