import { UpstreamError, type UpstreamFailure } from './upstreamError';

const maxDetailLength = 500;

/**
 * What a response says by its status, where it says that a call failed.
 *
 * @returns null where the call succeeded.
 */
export function failureOf(
  status: number,
  retryAfter: string | string[] | undefined,
  text: string,
): UpstreamError | null {
  if (status >= 200 && status < 300) return null;
  const failure = classify(status, secondsOf(retryAfter), text);
  return new UpstreamError(messageOf(status, failure), failure);
}

function classify(status: number, retryAfterSeconds: number | null, text: string): UpstreamFailure {
  if (status === 429 || (status === 503 && retryAfterSeconds !== null))
    return { kind: 'busy', retryAfterSeconds };
  if (status >= 500) return { kind: 'serverError', status };
  if (status === 401 || status === 403) return { kind: 'refused', status };
  if (status >= 400) return { kind: 'invalid', status, detail: detailOf(text) };
  return { kind: 'malformed', detail: `it is a redirect (${status}), and none is followed` };
}

function messageOf(status: number, failure: UpstreamFailure): string {
  return 'detail' in failure && failure.detail !== ''
    ? `HTTP ${status}: ${failure.detail}`
    : `HTTP ${status}`;
}

/** Retry-After in seconds: it is a number of them, or a date. */
function secondsOf(retryAfter: string | string[] | undefined): number | null {
  if (typeof retryAfter !== 'string') return null;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, (date - Date.now()) / 1000);
}

/** Why input was refused, without the input, which the body of the response repeats. */
function detailOf(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return '';
  }
  const {
    detail,
    exception_message: message,
    exception_detail: issues,
  } = Object(body) as Record<string, unknown>;
  const texts = [detail, message].filter(part => typeof part === 'string');
  return [...texts, ...(Array.isArray(issues) ? issues.map(issueOf) : [])]
    .join('; ')
    .slice(0, maxDetailLength);
}

function issueOf(issue: unknown): string {
  const { loc, msg } = Object(issue) as Record<string, unknown>;
  return `${Array.isArray(loc) ? loc.join('.') : ''}: ${typeof msg === 'string' ? msg : 'is invalid'}`;
}
