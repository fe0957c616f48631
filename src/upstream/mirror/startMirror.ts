import { setTimeout as wait } from 'node:timers/promises';
import { SwitchyardError, unavailable } from '../../domain/errors';
import type { Instant } from '../../domain/instant';
import type { MirrorPhase, MirrorState } from '../../domain/mirror';
import { findMirror, updateMirror } from '../../persistence/mirror/mirrorState';
import type { Logger } from '../../platform/logging';
import { withLinkedAbort } from '../../platform/withLinkedAbort';
import { toClientError } from '../../transitions/databaseErrors';
import type { UpstreamClient } from '../client/upstreamClient';
import { UpstreamError } from '../client/upstreamError';
import { createCatchUp } from './catchUp';
import { claimDatabase } from './claimDatabase';
import type { MirrorServices } from './copyFlowRuns';
import { followStream } from './followStream';
import type { MirrorProgress } from './mirrorProgress';
import { createProbe } from './probe';
import { readRunsOfEvents } from './readRunsOfEvents';
import { createReconciliation, type MirrorSettings } from './reconcile';
import { refreshDeployments } from './refreshDeployments';
import { createRunsOfEvents } from './runsOfEvents';

/** The running mirror. */
export interface RunningMirror {
  /** Waits for the statements in progress and stops. */
  stop(): Promise<void>;
}

const lockName = 'mirror';
const takeOverMilliseconds = 5000;
const readMilliseconds = 50;
const tickMilliseconds = 500;
const stateMilliseconds = 2000;
const deploymentMilliseconds = 10_000;
const firstRetryMilliseconds = 500;
const maxRetryMilliseconds = 5000;
const exitOf = (): undefined => undefined;

/** When events were last followed, by this process or another; null: the first walk is not over, which misses nothing. */
function lastAliveOf(known: MirrorState | null): Instant | null {
  if (known === null || known.lastWalk === null) return null;
  return known.phase === 'FOLLOWING' ? known.updated : (known.lastEvent ?? known.walkStarted);
}

/** Reports what went wrong: an outage of either side as such, all else as a fault. */
function report(services: MirrorServices, what: string, error: unknown): void {
  if (error instanceof UpstreamError)
    // Its message is meant to be read.
    return services.reportUnavailable(
      'the mirror tries again',
      unavailable(`the Prefect server: ${error.message}`),
    );
  const clientError = toClientError(error);
  if (clientError instanceof SwitchyardError && clientError.code === 'UNAVAILABLE')
    services.reportUnavailable('the mirror tries again', error);
  else services.reportError(`${what}: a part of the mirror failed`, error, { service: lockName });
}

/** Repeats work with pauses until the signal is aborted; after a failure with longer ones. */
async function repeat(
  services: MirrorServices,
  { what, pause, signal }: { what: string; pause: number; signal: AbortSignal },
  work: () => Promise<unknown>,
): Promise<void> {
  let retry = firstRetryMilliseconds;
  while (!signal.aborted) {
    let milliseconds = pause;
    try {
      await work();
      retry = firstRetryMilliseconds;
    } catch (error) {
      if (signal.aborted) return;
      report(services, what, error);
      milliseconds = retry;
      retry = Math.min(2 * retry, maxRetryMilliseconds);
    }
    await wait(milliseconds, undefined, { signal }).catch(exitOf);
  }
}

/** Does all that the mirror does, until the signal is aborted. */
async function runMirror(
  services: MirrorServices,
  client: UpstreamClient,
  settings: MirrorSettings,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock, monotonicClock } = services;
  await claimDatabase(services, client.address);
  const known = await findMirror(database.primary);
  const progress: MirrorProgress = {
    lastAlive: lastAliveOf(known),
    lastEvent: known?.lastEvent ?? null,
    sweepWanted: false,
    walkWanted: false,
  };
  const runs = createRunsOfEvents(monotonicClock);
  const probe = createProbe(services, client);
  const onFull = () => {
    progress.sweepWanted = true;
  };
  const catchUp = createCatchUp(services, client, runs, onFull);
  const reconcile = createReconciliation(services, client, progress, settings);
  let phase: MirrorPhase | null = null;

  async function writeState(): Promise<void> {
    const mirror = await findMirror(database.primary);
    if (mirror === null) return;
    const following = probe.lagSeconds === null ? 'BEHIND' : 'FOLLOWING';
    const now: MirrorPhase = mirror.lastWalk === null ? 'WALKING' : following;
    if (now !== phase) logger.info({ phase: now, server: client.address }, `the mirror: ${now}`);
    phase = now;
    await updateMirror(database.writer, {
      phase,
      lagSeconds: probe.lagSeconds,
      unreadable: client.unreadable.size,
      lastEvent: progress.lastEvent,
      updated: clock(),
    });
  }

  const following = { services, client, progress, runs, catchUp, probe };
  const inLoop = (what: string, pause: number, work: () => Promise<unknown>): Promise<void> =>
    repeat(services, { what, pause, signal }, work);
  await Promise.all([
    inLoop('following events', firstRetryMilliseconds, () => followStream(following, signal)),
    inLoop('reading runs of events', readMilliseconds, () =>
      readRunsOfEvents(services, client, runs, signal),
    ),
    inLoop('reading stored events', tickMilliseconds, () => catchUp.runIfDue(signal)),
    inLoop('measuring the lag', tickMilliseconds, () => probe.tick(signal)),
    inLoop('reading deployments', deploymentMilliseconds, () =>
      refreshDeployments(services, client, 'limited', signal),
    ),
    inLoop('comparing', tickMilliseconds, () => reconcile(signal)),
    inLoop('storing how far it is', stateMilliseconds, writeState),
  ]);
}

/**
 * Maintains the mirror of the server: copies its runs, follows its events, and compares both again and again. Of all
 * processes that share the database one does it. An outage of either side is waited for.
 */
export function startMirror(
  services: MirrorServices,
  client: UpstreamClient,
  settings: MirrorSettings,
  logger: Logger,
): RunningMirror {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = repeat(services, { what: 'the mirror', pause: takeOverMilliseconds, signal }, () =>
    services.database.exclusively(lockName, async lost => {
      await withLinkedAbort([signal, lost], ended =>
        runMirror(services, client, settings, logger, ended.signal),
      );
      if (lost.aborted) logger.warn({ server: client.address }, 'the mirror: its lock was lost');
    }),
  );
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
