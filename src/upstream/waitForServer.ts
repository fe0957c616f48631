import { setTimeout as pause } from 'node:timers/promises';
import { checkVersion, type SupportedVersion } from './checkVersion';
import type { UpstreamClient } from './client/upstreamClient';
import { UpstreamError } from './client/upstreamError';

/** The server turned this process away: waiting would not help. */
export class ServerRefusedError extends Error {
  override readonly name = 'ServerRefusedError';
}

const firstPauseSeconds = 0.5;
const maxPauseSeconds = 5;

/** Why it does not help to wait for a server that responded so; null: it may help. */
function reasonNotToWait({ message, failure }: UpstreamError): string | null {
  switch (failure.kind) {
    case 'refused':
      return `${message} Check PREFECT_API_KEY or PREFECT_API_AUTH_STRING`;
    case 'invalid':
    case 'malformed':
      return message;
    case 'unreachable':
    case 'unanswered':
    case 'serverError':
    case 'busy':
      return null;
  }
}

/**
 * Waits until the server says which version it is. One that does not respond is asked again without end, less often each
 * time, and `onWait` receives the reason and the delay.
 *
 * @throws ServerRefusedError where the server does not accept the credentials, is no Prefect server, or has a version that
 *   this program does not know; AbortError where the signal is aborted.
 */
export async function waitForServer(
  client: UpstreamClient,
  onWait: (error: UpstreamError, seconds: number) => void,
  signal?: AbortSignal,
): Promise<SupportedVersion> {
  for (let seconds = firstPauseSeconds; ; seconds = Math.min(2 * seconds, maxPauseSeconds)) {
    try {
      const support = await checkVersion(client, signal);
      if (support.kind === 'unsupported') throw new ServerRefusedError(support.reason);
      return support;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const reason = reasonNotToWait(error);
      if (reason !== null) throw new ServerRefusedError(reason, { cause: error });
      onWait(error, seconds);
      await pause(seconds * 1000, undefined, { ...(signal && { signal }) });
    }
  }
}
