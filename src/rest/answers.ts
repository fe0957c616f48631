import type { Context as HonoContext } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { type ErrorCode, type InputIssue, SwitchyardError } from '../domain/errors';

const statuses: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  BAD_USER_INPUT: 422,
  NOT_FOUND: 404,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
};

/** Wrong values, as the reference's framework words them: where each stands, and what is wrong with it. */
const detailOf = (issues: readonly InputIssue[]) =>
  issues.map(({ path, message }) => ({ loc: ['body', ...path], msg: message, type: 'value_error' }));

/** The answer to a request that went wrong: 422 with `detail` naming the field, 404 for unknown ids, never a stack. */
export function errorAnswer(
  context: HonoContext,
  error: unknown,
  report: (error: unknown) => void,
): Response {
  if (!(error instanceof SwitchyardError)) {
    report(error);
    return context.json({ detail: 'Unexpected error.' }, 500);
  }
  const detail = error.issues.length > 0 ? detailOf(error.issues) : error.message;
  return context.json({ detail }, statuses[error.code]);
}

const issuesOf = (error: z.ZodError): InputIssue[] =>
  error.issues.flatMap(({ path, message, ...issue }) => {
    const at = path.map(part => (typeof part === 'number' ? part : String(part)));
    if (issue.code !== 'unrecognized_keys') return [{ path: at, message }];
    return issue.keys.map(key => ({ path: [...at, key], message: 'is not known here' }));
  });

const wrong = (issues: readonly InputIssue[]) =>
  new SwitchyardError('BAD_USER_INPUT', 'The body cannot be used.', issues);

/** The body of a request, checked. */
export async function readBody<Schema extends z.ZodType>(
  context: HonoContext,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await context.req.text();
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    throw wrong([{ path: [], message: 'is no JSON' }]);
  }
  const result = schema.safeParse(body);
  if (!result.success) throw wrong(issuesOf(result.error));
  return result.data;
}

/** A value from the path or the query, checked. */
export function readParameter<Schema extends z.ZodType>(
  name: string,
  value: string | undefined,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw wrong(issuesOf(result.error).map(({ message }) => ({ path: [name], message })));
  return result.data;
}
