import { secondsBetween } from '../../domain/instant';
import type { MirrorState } from '../../domain/mirror';
import { findMirror } from '../../persistence/mirror/mirrorState';
import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import type { MirrorProgress } from './mirrorProgress';
import { refreshDeployments } from './refreshDeployments';
import { refreshFlows } from './refreshFlows';
import { repair } from './repair';
import { sweep } from './sweep';
import { walkAll } from './walkAll';

/** How often all is compared. */
export interface MirrorSettings {
  /** Seconds between two sweeps. */
  sweepSeconds: number;
  /** Hours between two walks through all runs. */
  walkHours: number;
}

const secondsInHour = 3600;
/** A sweep may take a quarter of the time, however many runs have not ended. */
const restsPerSweep = 3;

/** Makes what brings the mirror in line with the server, each time that it is called and something is due. */
export function createReconciliation(
  services: MirrorServices,
  client: UpstreamClient,
  progress: MirrorProgress,
  { sweepSeconds, walkHours }: MirrorSettings,
): (signal: AbortSignal) => Promise<void> {
  const { database, clock, monotonicClock } = services;
  let nextSweep = 0;
  let hadOtherCounts = false;

  const isWalkDue = ({ lastWalk, walkStarted }: MirrorState): boolean => {
    if (lastWalk === null || progress.walkWanted) return true;
    if (walkStarted !== null && walkStarted > lastWalk) return true;
    return secondsBetween(lastWalk, clock()) > walkHours * secondsInHour;
  };

  async function sweepOnce({ lastSweep }: MirrorState, signal: AbortSignal): Promise<void> {
    const began = monotonicClock();
    progress.sweepWanted = false;
    try {
      await refreshDeployments(services, client, 'all', signal);
      const hasOtherCounts = !(await sweep(services, client, lastSweep, signal));
      // After the runs: a flow is deleted once it has none.
      await refreshFlows(services, client, signal);
      if (hasOtherCounts && hadOtherCounts) await repair(services, client, signal);
      // What was repaired is compared twice again.
      hadOtherCounts = hasOtherCounts && !hadOtherCounts;
    } catch (error) {
      progress.sweepWanted = true;
      throw error;
    }
    const took = monotonicClock() - began;
    nextSweep = monotonicClock() + Math.max(sweepSeconds * 1000 - took, took * restsPerSweep);
  }

  async function sweepIfDue(signal: AbortSignal): Promise<void> {
    if (!progress.sweepWanted && monotonicClock() < nextSweep) return;
    const mirror = await findMirror(database.primary);
    if (mirror !== null) await sweepOnce(mirror, signal);
  }

  async function walk(signal: AbortSignal): Promise<void> {
    await walkAll(services, client, signal, {
      // What asks for a walk from now on asks for another one.
      onBegin() {
        progress.walkWanted = false;
        client.unreadable.clear();
      },
      whileHeldUp: () => sweepIfDue(signal),
    });
    // What was scheduled or deleted while the walk was elsewhere.
    progress.sweepWanted = true;
  }

  return async signal => {
    const mirror = await findMirror(database.primary);
    if (mirror === null) return;
    await (isWalkDue(mirror) ? walk(signal) : sweepIfDue(signal));
  };
}
