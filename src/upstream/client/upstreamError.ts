/** What is known about a call that failed. */
export type UpstreamFailure =
  /** No connection came about, so the server has not seen the call. */
  | { kind: 'unreachable' }
  /** The call was sent, and no response came: a time-out, or a connection that broke. It may still be carried out. */
  | { kind: 'unanswered'; timedOut: boolean }
  /** The response was 5xx: the call may or may not have been carried out. */
  | { kind: 'serverError'; status: number }
  /** The server asks for a rest: 429, or a Retry-After. Nothing was carried out. */
  | { kind: 'busy'; retryAfterSeconds: number | null }
  /** The server does not accept the credentials: 401 or 403. Nothing was carried out. */
  | { kind: 'refused'; status: number }
  /** The server does not accept the input: another 4xx. Nothing was carried out. */
  | { kind: 'invalid'; status: number; detail: string }
  /** The response is not what the API promises; a redirect is none of it. A write may have been carried out. */
  | { kind: 'malformed'; detail: string };

/** A call of the server that failed. The message never has credentials or parameters of runs. */
export class UpstreamError extends Error {
  constructor(
    message: string,
    readonly failure: UpstreamFailure,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'UpstreamError';
  }
}
