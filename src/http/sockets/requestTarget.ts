import type { IncomingMessage } from 'node:http';

/** The parts of a request that form its URL. */
type RequestHead = Pick<IncomingMessage, 'url' | 'httpVersion' | 'headers' | 'rawHeaders'>;

/** What is wrong with a request's target or host, for the client. */
interface TargetProblem {
  readonly message: string;
}

/** `uri-host [":" port]` of RFC 9110: a name, an IPv4 address, or an IPv6 address in brackets. */
const hostShape = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::\d{0,5})?$/i;

/** A target in origin form. Some parsers would read `//` or `/\\` at its start as a host. */
const pathShape = /^\/(?![/\\])/;

function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}

/**
 * Parses the target of a request (`/path?query`) with its Host header. Later code may build a URL from the two
 * without checks.
 *
 * @returns the URL, or what is wrong.
 */
export function parseTarget({
  url = '',
  httpVersion,
  headers,
  rawHeaders,
}: RequestHead): URL | TargetProblem {
  const { host } = headers;
  if (!pathShape.test(url)) return { message: 'The request target must be a path that starts with one "/".' };
  if (countHosts(rawHeaders) > 1) return { message: 'The request must have one Host header, not several.' };
  if (host === undefined && httpVersion === '1.1') return { message: 'The request must have a Host header.' };
  if (host && !hostShape.test(host)) return { message: 'The Host header must be a name or an address.' };
  const text = `http://${host || 'localhost'}${url}`;
  if (!URL.canParse(text)) return { message: 'The Host header and the request target make no URL.' };
  return new URL(text);
}
