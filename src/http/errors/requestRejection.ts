import type { FetchAPI } from 'graphql-yoga';
import type { ErrorCode } from '../../domain/errors';
import type { PublicErrorCode } from './httpStatus';

/** Why a request is rejected before its content is processed. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The body of a rejection: a GraphQL error, or a REST error (`detail`). */
export const refusalBody = (
  path: string,
  { code, message }: { readonly code: PublicErrorCode; readonly message: string },
) => (path.startsWith('/api/') ? { detail: message } : { errors: [{ message, extensions: { code } }] });

/** The response of a rejection: a GraphQL error, or a REST error (`detail`). */
export const refusalResponse = (url: URL, refusal: Refusal, fetchAPI: FetchAPI): Response =>
  fetchAPI.Response.json(refusalBody(url.pathname, refusal), { status: refusal.status });
