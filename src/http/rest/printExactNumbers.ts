import type { Context as HonoContext } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { printJson } from '../../domain/jsonText';

/** Lets every JSON response of a call be printed with its numbers as they were written. */
export function printExactNumbers(context: HonoContext): void {
  const respond = (value: unknown, status?: ContentfulStatusCode): Response =>
    context.body(printJson(value), status, { 'content-type': 'application/json' });
  context.json = respond as HonoContext['json'];
}
