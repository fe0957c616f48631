import type { Plugin } from 'graphql-yoga';
import { rejectionResponse } from '../errors/requestRejection';

/** The charset of a content type in lower case; null if there is none. */
const charsetOf = (contentType: string): string | null =>
  /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType)?.[1]?.toLowerCase() ?? null;

/** ASCII is a subset of UTF-8. */
const readCharsets: readonly (string | null)[] = [null, 'utf-8', 'utf8', 'us-ascii'];

function faultIn(headers: Headers): string | null {
  const charset = charsetOf(headers.get('content-type') ?? '');
  if (!readCharsets.includes(charset)) return 'Content-Type: the charset must be utf-8.';
  const encoding = headers.get('content-encoding') ?? 'identity';
  return encoding.trim().toLowerCase() === 'identity'
    ? null
    : 'Content-Encoding: a compressed body is not read. Send it without a Content-Encoding.';
}

/** Rejects bodies that are compressed or not in UTF-8 with 415. */
export function useBodyEncoding(): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      const message = faultIn(request.headers);
      if (message !== null)
        endResponse(rejectionResponse(url, { status: 415, code: 'BAD_USER_INPUT', message }, fetchAPI));
    },
  };
}
