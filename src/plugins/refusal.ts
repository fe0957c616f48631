import type { FetchAPI } from 'graphql-yoga';
import type { ErrorCode } from '../domain/errors';

/** Why a request is turned away before anything looks at what it asks. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The answer that turns a request away: an error as GraphQL writes it, or as the REST call does (`detail`). */
export function refusalResponse(url: URL, { status, code, message }: Refusal, fetchAPI: FetchAPI): Response {
  const body = url.pathname.startsWith('/api/')
    ? { detail: message }
    : { errors: [{ message, extensions: { code } }] };
  return fetchAPI.Response.json(body, { status });
}
