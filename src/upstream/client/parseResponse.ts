import type { z } from 'zod';
import '../../config/zodMessages';
import { UpstreamError } from './upstreamError';

/** Names the first field that is wrong, without its value. */
export function detailOf({ issues: [issue] }: z.ZodError): string {
  const field = issue === undefined || issue.path.length === 0 ? 'the response' : issue.path.join('.');
  return `${field} ${issue?.message ?? 'is invalid'}`;
}

/**
 * Checks the body of a response. Fields that the schema does not name are ignored.
 *
 * @param call names the call in the message.
 * @throws UpstreamError `malformed`, which names the first field that is wrong, without its value.
 */
export function parseResponse<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  call: string,
): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const detail = detailOf(result.error);
  throw new UpstreamError(`${call}: ${detail}`, { kind: 'malformed', detail });
}
