import { SwitchyardError, unavailable } from '../domain/errors';
import { CredentialsRefusedError } from '../transitions/transitionSender';
import { UpstreamError } from './client/upstreamError';

/** The error that a caller receives where the Prefect server cannot be asked: UNAVAILABLE; all others are returned unchanged. */
export function toClientError(error: unknown): unknown {
  if (error instanceof SwitchyardError || !(error instanceof UpstreamError)) return error;
  const message = `The Prefect server cannot be used now: ${error.message} Nothing was written by this call.`;
  return error.failure.kind === 'refused'
    ? new CredentialsRefusedError(message, error)
    : unavailable(message, error);
}
