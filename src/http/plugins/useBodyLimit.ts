import type { FetchAPI, Plugin } from 'graphql-yoga';
import { type RequestRejection, rejectionResponse } from '../errors/requestRejection';

async function discard(body: AsyncIterator<Uint8Array>): Promise<void> {
  while (!(await body.next()).done);
}

/** Reads the body of a request into memory; null if it is too large. */
async function read(request: Request, limit: number, fetchAPI: FetchAPI): Promise<Request | null> {
  if (request.body === null) return request;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body = request.body[Symbol.asyncIterator]();
  for (let next = await body.next(); !next.done; next = await body.next()) {
    bytes += next.value.byteLength;
    if (bytes > limit) {
      // Read to the end: to stop would close the connection before the response is sent.
      discard(body).catch(() => undefined);
      return null;
    }
    chunks.push(next.value);
  }
  const { method, headers, signal } = request;
  return new fetchAPI.Request(request.url, { method, headers, signal, body: Buffer.concat(chunks) });
}

/**
 * Rejects requests whose body is larger than `maxBodyBytes`: at once if the length is declared, else after that many
 * bytes.
 */
export function useBodyLimit({ maxBodyBytes }: { readonly maxBodyBytes: number }): Plugin {
  const tooLarge: RequestRejection = {
    status: 413,
    code: 'BAD_USER_INPUT',
    message: `The body of a request may have ${maxBodyBytes} bytes at most; this one has more.`,
  };
  const broken: RequestRejection = {
    status: 400,
    code: 'BAD_USER_INPUT',
    message: 'The body of the request broke off.',
  };
  return {
    async onRequest(incoming) {
      const { request, url, fetchAPI } = incoming;
      const refuse = (rejection: RequestRejection) =>
        incoming.endResponse(rejectionResponse(url, rejection, fetchAPI));
      const length = request.headers.get('content-length');
      if (length !== null && /^\d+$/.test(length)) {
        if (Number(length) > maxBodyBytes) refuse(tooLarge);
        return;
      }
      if (request.method === 'GET' || request.method === 'HEAD') return;
      try {
        const whole = await read(request, maxBodyBytes, fetchAPI);
        if (whole === null) refuse(tooLarge);
        else incoming.setRequest(whole);
      } catch {
        refuse(broken);
      }
    },
  };
}
