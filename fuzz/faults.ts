import type { Call } from './call';
import type { Reply } from './send';

interface GraphqlError {
  readonly path?: readonly unknown[];
  readonly extensions?: { readonly code?: unknown };
}

const masked = 'INTERNAL_ERROR';

const isGraphql = ({ target }: Call): boolean => target.startsWith('/graphql');

function parse(body: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return null;
  }
}

/** The errors of a GraphQL response. */
function errorsIn(value: unknown): readonly GraphqlError[] {
  if (typeof value !== 'object' || value === null || !('errors' in value)) return [];
  return Array.isArray(value.errors) ? (value.errors as GraphqlError[]) : [];
}

const holdsMasked = (value: unknown): boolean => {
  if (value === masked) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsMasked);
};

/**
 * Whether a call was refused as a whole, and so must have written nothing. An error further inside a GraphQL response is about
 * what was to be read of a mutation that was carried out.
 */
export function isRefused(call: Call, { status, body }: Reply): boolean {
  if (!isGraphql(call)) return status >= 400;
  const errors = errorsIn(parse(body)?.value);
  return errors.length > 0 && errors.every(({ path }) => path === undefined || path.length <= 1);
}

function typeFaults(call: Call, { status, headers, body }: Reply): string[] {
  const type = headers['content-type'] ?? '';
  if (status === 204 || call.method === 'HEAD') return body === '' ? [] : [`${status} has a body`];
  if (type.startsWith('text/event-stream')) return isGraphql(call) ? [] : ['REST responds with events'];
  if (type.startsWith('text/html') && isGraphql(call) && call.method === 'GET') return [];
  if (!/^application\/(graphql-response\+)?json(;|$)/.test(type))
    return [`${status} has the content type "${type}"`];
  return parse(body) === null ? [`the body is no JSON: ${body.slice(0, 200)}`] : [];
}

/** What is wrong with a response; empty where nothing is. */
export function faultsOf(call: Call, reply: Reply): string[] {
  const { status, headers, body } = reply;
  const faults = typeFaults(call, reply);
  if (status >= 500) faults.push(`the status is ${status}: ${body.slice(0, 300)}`);
  const value = parse(body)?.value;
  const isMasked = errorsIn(value).some(({ extensions }) => extensions?.code === masked);
  if (isMasked || (!call.describesSchema && holdsMasked(value)))
    faults.push(`the response has ${masked}: ${body.slice(0, 300)}`);
  const isPage = headers['content-type']?.startsWith('text/html') === true;
  if (!isPage && (/\n\s+at \S+ \(/.test(body) || /node_modules|\/src\//.test(body)))
    faults.push(`the response shows the inside of the program: ${body.slice(0, 300)}`);
  return faults;
}
