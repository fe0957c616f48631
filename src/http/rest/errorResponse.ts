import type { Context as HonoContext } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ErrorCode, type InputIssue, pathText, SwitchyardError } from '../../domain/errors';
import { snakeCase } from './toWire';
import { type Problem, UnusableRequest } from './unusableRequest';

const statuses: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  BAD_USER_INPUT: 422,
  NOT_FOUND: 404,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
};

/** A call makes one thing where a use case makes many: `input[0].flowId` there is `flow_id` on the wire. */
const problemOf = ({ path, message }: InputIssue): Problem => {
  const names = path.slice(1).filter(part => typeof part === 'string');
  return { loc: ['body', ...names.map(snakeCase)], msg: message, type: 'value_error' };
};

/** What is wrong with a request: in the words of this project's errors, and in those that the reference uses for them. */
const problemsToWire = (problems: readonly Problem[]) => ({
  detail: problems,
  exception_message: 'Invalid request received.',
  exception_detail: problems,
});

const isConflict = ({ issues }: SwitchyardError): boolean =>
  issues.length > 0 && issues.every(issue => issue.isConflict);

/** The detail of a 409 as in Prefect: a text, which here names the field. */
const conflictToWire = (issues: readonly InputIssue[]) => ({
  detail: issues
    .map(problemOf)
    .map(({ loc: [, ...path], msg }) => `${pathText(path)}: ${msg}`)
    .join('; '),
});

/**
 * The response to a failed request, never a stack: 422 with `detail` naming the field, 404 for unknown ids in the
 * path, 409 where all that is wrong with a body is that what it refers to does not exist, or that its id is taken.
 */
export function errorResponse(
  context: HonoContext,
  error: unknown,
  report: (error: unknown) => void,
): Response {
  if (error instanceof UnusableRequest) return context.json(problemsToWire(error.problems), 422);
  if (!(error instanceof SwitchyardError)) {
    report(error);
    return context.json({ detail: 'Unexpected error.' }, 500);
  }
  if (error.code === 'UNAUTHENTICATED') context.header('www-authenticate', 'Bearer');
  if (isConflict(error)) return context.json(conflictToWire(error.issues), 409);
  const body =
    error.issues.length > 0 ? problemsToWire(error.issues.map(problemOf)) : { detail: error.message };
  return context.json(body, statuses[error.code]);
}
