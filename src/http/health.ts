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
  };
}

/** The time limit of the check, in milliseconds: probes wait only a few seconds. */
const maxMilliseconds = 8000;

async function readiness({ database, isRedisConnected, reportUnavailable }: Services): Promise<Health> {
  const unavailable = (reason: string): Health => ({ status: 503, body: { status: 'unavailable', reason } });
  const isConnected = isRedisConnected();
  try {
    const isReady = database.isReady();
    if (!(await settleWithin(maxMilliseconds, isReady)))
      return unavailable(`The database has not responded for ${maxMilliseconds / 1000} s.`);
    if (!(await isReady)) return unavailable(reasons.notMigrated);
    const redis =
      isConnected === null ? {} : { redis: isConnected ? ('ok' as const) : ('unavailable' as const) };
    return { status: 200, body: { status: 'ok', ...redis } };
  } catch (error) {
    reportUnavailable('this process is not ready', error);
    return unavailable(reasonOf(error) ?? reasons.connectionLost);
  }
}

/**
 * Creates the response of `/livez` (the process runs) and `/readyz` (its database responds and is migrated; the state
 * of Redis is reported but does not count); null for any other path.
 */
export async function healthAt(path: string, services: Services): Promise<Health | null> {
  if (path === '/livez') return { status: 200, body: { status: 'ok' } };
  return path === '/readyz' ? readiness(services) : null;
}
