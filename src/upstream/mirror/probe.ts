import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';

/** Measures how long a change takes to arrive here, by events of this program's own. */
export interface Probe {
  /** A stream begins; `onLost` is called where a probe does not come back. */
  begin(onLost: () => void): void;
  /** The stream has ended. */
  end(): void;
  /** An event came back. */
  receive(id: string): void;
  /** Sends a probe where it is time to, and notices one that does not come back. */
  tick(signal: AbortSignal): Promise<void>;
  /** Seconds that the last one took; null: none has come back in this stream. */
  readonly lagSeconds: number | null;
}

const probeMilliseconds = 60_000;
/** A stream that has just begun may miss the first ones. */
const firstProbeMilliseconds = 1000;
const lostMilliseconds = 20_000;

/** Makes what sends probes. */
export function createProbe(
  { monotonicClock, newId }: Pick<MirrorServices, 'monotonicClock' | 'newId'>,
  client: UpstreamClient,
): Probe {
  let onLost: (() => void) | null = null;
  let lagSeconds: number | null = null;
  let next = 0;
  /** Since when no probe has come back. */
  let waitingSince: number | null = null;
  const sent = new Map<string, number>();

  return {
    get lagSeconds() {
      return lagSeconds;
    },
    begin(whenLost) {
      onLost = whenLost;
      lagSeconds = null;
      waitingSince = null;
      next = monotonicClock();
      sent.clear();
    },
    end() {
      onLost = null;
      lagSeconds = null;
    },
    receive(id) {
      const began = sent.get(id);
      if (began === undefined) return;
      const now = monotonicClock();
      lagSeconds = (now - began) / 1000;
      waitingSince = null;
      next = now + probeMilliseconds;
      sent.clear();
    },
    async tick(signal) {
      const now = monotonicClock();
      if (onLost === null || now < next) return;
      if (waitingSince !== null && now - waitingSince > lostMilliseconds) return onLost();
      waitingSince ??= now;
      next = now + firstProbeMilliseconds;
      const id = newId();
      sent.set(id, now);
      await client.sendProbe(id, signal);
    },
  };
}
