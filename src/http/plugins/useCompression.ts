import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';
import { acceptsEncoding } from '../acceptsEncoding';

const compress = promisify(gzip);

/** A smaller body fits into one packet anyway. */
const minBytes = 1024;

/** Event streams and multipart responses stay as they are: compression would hold events back. */
const isCompressible = (contentType: string): boolean =>
  /^(application\/(graphql-response\+)?json|text\/html)\s*(;|$)/i.test(contentType);

/**
 * Compresses JSON and HTML for clients that accept gzip. The `useContentEncoding` of @whatwg-node/server also compresses
 * event streams, which holds events back, and ignores `q=0`.
 */
export function useCompression(): Plugin {
  return {
    async onResponse({ request, response, setResponse, fetchAPI }) {
      // The files of the console are compressed by its build.
      if (response.headers.has('content-encoding')) return;
      if (!isCompressible(response.headers.get('content-type') ?? '')) return;
      response.headers.append('Vary', 'Accept-Encoding');
      if (!acceptsEncoding(request.headers.get('accept-encoding'), 'gzip')) return;
      const body = new Uint8Array(await response.arrayBuffer());
      const sent = body.length < minBytes ? body : await compress(body);
      const headers = new fetchAPI.Headers(response.headers);
      headers.set('Content-Length', String(sent.length));
      if (sent !== body) headers.set('Content-Encoding', 'gzip');
      setResponse(
        new fetchAPI.Response(sent, { status: response.status, statusText: response.statusText, headers }),
      );
    },
  };
}
