import type { FetchAPI } from 'graphql-yoga';
import type { ErrorCode } from '../../domain/errors';
import type { PublicErrorCode } from './graphqlStatuses';

/** The error that a request receives that is rejected before its content is processed. */
export interface RequestRejection {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The body of a rejection: a GraphQL error, or a REST error (`detail`). */
export const rejectionBody = (
  path: string,
  { code, message }: { readonly code: PublicErrorCode; readonly message: string },
) => (path.startsWith('/api/') ? { detail: message } : { errors: [{ message, extensions: { code } }] });

/** The response of a rejection: a GraphQL error, or a REST error (`detail`). */
export const rejectionResponse = (url: URL, rejection: RequestRejection, fetchAPI: FetchAPI): Response =>
  fetchAPI.Response.json(rejectionBody(url.pathname, rejection), { status: rejection.status });
