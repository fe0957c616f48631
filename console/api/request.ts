import type { TypedDocumentString } from '../generated/graphql';
import { reportFound, reportLost } from './connection';
import { GatewayError, lostProblem, problemOfErrors, type WireError } from './problem';
import { authorization, requestKey } from './session';

interface GraphqlResponse<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly WireError[];
}

const headersWith = (credentials: string | null): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'application/json',
  ...(credentials !== null && { authorization: credentials }),
});

async function send(body: string, credentials: string | null, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch('/graphql', { method: 'POST', headers: headersWith(credentials), body, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    reportLost();
    throw new GatewayError(lostProblem);
  }
}

/** A proxy in front of a gateway that is down responds with a page of its own. */
async function parse<Result>(response: Response, signal?: AbortSignal): Promise<GraphqlResponse<Result>> {
  try {
    return (await response.json()) as GraphqlResponse<Result>;
  } catch (error) {
    if (signal?.aborted) throw error;
    reportLost();
    throw new GatewayError(lostProblem);
  }
}

interface EarlyCall {
  readonly response: Promise<Response>;
  readonly abort: AbortController;
}

/** Calls that were sent before the view that needs them was there, by their bodies. */
const early = new Map<string, EarlyCall>();

/** The response of a call that was sent early, which from now on the signal aborts. */
function takeEarly(body: string, signal: AbortSignal | undefined): Promise<Response> | undefined {
  const call = early.get(body);
  early.delete(body);
  signal?.addEventListener('abort', () => call?.abort.abort());
  return call?.response;
}

const bodyOf = <Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables) =>
  JSON.stringify({ query: document.toString(), variables });

/** Sends a query whose view is not there yet. The first `request` of the same query and variables takes its response. */
export function requestEarly<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): void {
  const body = bodyOf(document, variables);
  const abort = new AbortController();
  const response = send(body, authorization.value, abort.signal);
  // Whoever takes it handles the error.
  response.catch(() => undefined);
  early.set(body, { response, abort });
}

/**
 * Sends a query or a mutation. Where a key is missing or refused, asks for one and sends it again.
 *
 * @throws GatewayError with the gateway's own message, or `LOST`. The error of an aborted call is the browser's.
 */
export async function request<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const body = bodyOf(document, variables);
  for (;;) {
    const credentials = authorization.value;
    const response = await (takeEarly(body, signal) ?? send(body, credentials, signal));
    const { data, errors = [] } = await parse<Result>(response, signal);
    reportFound();
    if (errors.length === 0 && data) return data;
    const problem = problemOfErrors(errors);
    if (problem.code !== 'UNAUTHENTICATED') throw new GatewayError(problem);
    await requestKey(problem.message, credentials);
  }
}
