import type { MirrorState } from '../domain/mirror';
import { settleWithin } from '../platform/settleWithin';
import { reasonOf, reasons } from '../transitions/databaseErrors';
import type { Services } from '../transitions/services';

/** The health of a process, for load balancers and supervisors. */
interface Health {
  /** 200 if it is healthy, else 503. */
  status: 200 | 503;
  body: {
    status: 'ok' | 'unavailable';
    reason?: string;
    /** Absent without Redis. A process works without Redis, only later. */
    redis?: 'ok' | 'unavailable';
    /** How far the copy of the runs of a Prefect server is. Absent where the gateway is attached to none, or it has not begun. */
    mirror?: Pick<MirrorState, 'phase' | 'lagSeconds' | 'lastSweep' | 'unreadable'>;
  };
}

/** The time limit of the check, in milliseconds: probes wait only a few seconds. */
const maxMilliseconds = 8000;

const seenOf = ({ phase, lagSeconds, lastSweep, unreadable }: MirrorState): Health['body']['mirror'] => ({
  phase,
  lagSeconds,
  lastSweep,
  unreadable,
});

async function readiness(services: Services): Promise<Health> {
  const { database, executor, isRedisConnected, reportUnavailable } = services;
  const unavailable = (reason: string): Health => ({ status: 503, body: { status: 'unavailable', reason } });
  const isConnected = isRedisConnected();
  try {
    const isReady = database.isReady();
    if (!(await settleWithin(maxMilliseconds, isReady)))
      return unavailable(`The database has not responded for ${maxMilliseconds / 1000} s.`);
    if (!(await isReady)) return unavailable(reasons.notMigrated);
    const mirror = await executor.readMirror(services);
    // What was copied before can be read while the server is away.
    if (executor.reasonNotReady !== null && (mirror?.lastWalk ?? null) === null)
      return unavailable(executor.reasonNotReady);
    const redis =
      isConnected === null ? {} : { redis: isConnected ? ('ok' as const) : ('unavailable' as const) };
    const copied = mirror && { mirror: seenOf(mirror) };
    return { status: 200, body: { status: 'ok', ...redis, ...copied } };
  } catch (error) {
    reportUnavailable('this process is not ready', error);
    return unavailable(reasonOf(error) ?? reasons.connectionLost);
  }
}

/**
 * Creates the response of `/livez` (the process runs) and `/readyz` (its database responds and is migrated, and the runs of a Prefect
 * server that it is attached to were copied once, or that server responds; the state of Redis and how far the copy is are reported
 * but do not count); null for any other path.
 */
export async function healthAt(path: string, services: Services): Promise<Health | null> {
  if (path === '/livez') return { status: 200, body: { status: 'ok' } };
  return path === '/readyz' ? readiness(services) : null;
}
