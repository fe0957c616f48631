import type { FetchAPI } from 'graphql-yoga';
import type { ErrorCode } from '../../domain/errors';
import type { PublicErrorCode } from './httpStatus';

/** Why a request is turned away before anything looks at what it asks. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The body of a refusal: an error as GraphQL writes it, or as the REST calls do (`detail`). */
export const refusalBody = (
  path: string,
  { code, message }: { readonly code: PublicErrorCode; readonly message: string },
) => (path.startsWith('/api/') ? { detail: message } : { errors: [{ message, extensions: { code } }] });

/** The answer that turns a request away: an error as GraphQL writes it, or as the REST call does (`detail`). */
export const refusalResponse = (url: URL, refusal: Refusal, fetchAPI: FetchAPI): Response =>
  fetchAPI.Response.json(refusalBody(url.pathname, refusal), { status: refusal.status });
