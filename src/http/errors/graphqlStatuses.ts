import type { ErrorCode } from '../../domain/errors';

/**
 * All error codes that clients receive: ours, the code of all other errors, and those of persisted queries.
 */
export type PublicErrorCode =
  | ErrorCode
  | 'INTERNAL_ERROR'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'PERSISTED_QUERY_NOT_FOUND';

/**
 * The HTTP status of a GraphQL response with only this error. REST has others, such as 409 for a conflict, because the
 * clients of Prefect expect them: `http/rest/errorResponse.ts`.
 */
export const graphqlStatuses: Readonly<Record<PublicErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
  INTERNAL_ERROR: 500,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
  PERSISTED_QUERY_NOT_FOUND: 400,
};

/** Whether a value in an error's extensions is one of our codes. */
export const isPublicErrorCode = (code: unknown): code is PublicErrorCode =>
  typeof code === 'string' && Object.hasOwn(graphqlStatuses, code);
