import type { FetchAPI, Plugin } from 'graphql-yoga';
import { type Refusal, refusalResponse } from './refusal';

async function discard(body: AsyncIterator<Uint8Array>): Promise<void> {
  while (!(await body.next()).done);
}

/** The request with its body read into memory; null where the body is larger than it may be. */
async function read(request: Request, limit: number, fetchAPI: FetchAPI): Promise<Request | null> {
  if (request.body === null) return request;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body = request.body[Symbol.asyncIterator]();
  for (let next = await body.next(); !next.done; next = await body.next()) {
    bytes += next.value.byteLength;
    if (bytes > limit) {
      // To stop reading would close the connection before the answer is sent.
      discard(body).catch(() => undefined);
      return null;
    }
    chunks.push(next.value);
  }
  const { method, headers, signal } = request;
  return new fetchAPI.Request(request.url, { method, headers, signal, body: Buffer.concat(chunks) });
}

/**
 * Turns away requests with a body of more than so many bytes: at once where the length is told beforehand, else as
 * soon as that many bytes have come.
 */
export function useBodyLimit({ maxBodyBytes }: { readonly maxBodyBytes: number }): Plugin {
  const tooLarge: Refusal = {
    status: 413,
    code: 'BAD_USER_INPUT',
    message: `The body of a request may have ${maxBodyBytes} bytes at most; this one has more.`,
  };
  const broken: Refusal = {
    status: 400,
    code: 'BAD_USER_INPUT',
    message: 'The body of the request broke off.',
  };
  return {
    async onRequest(incoming) {
      const { request, url, fetchAPI } = incoming;
      const refuse = (refusal: Refusal) => incoming.endResponse(refusalResponse(url, refusal, fetchAPI));
      const told = request.headers.get('content-length');
      if (told !== null && /^\d+$/.test(told)) {
        if (Number(told) > maxBodyBytes) refuse(tooLarge);
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
