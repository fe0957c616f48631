import type { Sending, SendingOutcome } from '../../domain/sending';
import type { Services } from '../../transitions/services';

/**
 * Makes what counts the transitions that a server decided otherwise than the rules here, and logs each kind of them once.
 *
 * @param count adds one to the number that `server { mirror }` shows.
 */
export function reportMispredictions(
  services: Services,
  count: () => Promise<void>,
): (sending: Sending, outcome: SendingOutcome) => void {
  const logged = new Set<string>();
  return ({ flowRunId, prediction }, outcome) => {
    count().catch((error: unknown) =>
      services.reportUnavailable('a misprediction could not be counted', error),
    );
    if (outcome.kind !== 'decided') return;
    const kind = `${prediction.status} ${prediction.code} ${outcome.status}`;
    if (logged.has(kind)) return;
    logged.add(kind);
    services.reportEvent('the Prefect server decided otherwise than predicted', {
      flowRunId,
      predicted: { status: prediction.status, code: prediction.code, state: prediction.state },
      decided: { status: outcome.status, state: outcome.written?.name ?? null },
    });
  };
}
