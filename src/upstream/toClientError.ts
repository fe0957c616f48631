import { SwitchyardError, unavailable } from '../domain/errors';
import { UpstreamError } from './client/upstreamError';

/** The error that a caller receives where the Prefect server cannot be asked: UNAVAILABLE; all others are returned unchanged. */
export function toClientError(error: unknown): unknown {
  if (error instanceof SwitchyardError || !(error instanceof UpstreamError)) return error;
  return unavailable(
    `The Prefect server cannot be used now: ${error.message} Nothing was written by this call.`,
    error,
  );
}
