import { SwitchyardError, unavailable } from '../domain/errors';
import { CredentialsRefusedError } from '../transitions/transitionSender';
import { UpstreamError } from './client/upstreamError';

/**
 * The error that a caller receives where the Prefect server cannot be asked: UNAVAILABLE; all others are returned unchanged.
 *
 * @param written a sentence on what the call has written by then.
 */
export function toClientError(error: unknown, written = 'Nothing was written by this call.'): unknown {
  if (error instanceof SwitchyardError || !(error instanceof UpstreamError)) return error;
  const message = `The Prefect server cannot be used now: ${error.message} ${written}`;
  return error.failure.kind === 'refused'
    ? new CredentialsRefusedError(message, error)
    : unavailable(message, error);
}
