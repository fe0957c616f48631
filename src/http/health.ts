import { settleWithin } from '../platform/settleWithin';
import { reasonOf, reasons } from '../transitions/databaseErrors';
import type { Services } from '../transitions/services';

/** Whether a process is alive, or ready, as a load balancer or supervisor is told. */
export interface Health {
  /** 200: it is; 503: it is not, or not now. */
  status: 200 | 503;
  body: {
    status: 'ok' | 'unavailable';
    reason?: string;
    /** Left out where there is no Redis. Without it a process still does all that it is for, only later. */
    redis?: 'ok' | 'unavailable';
  };
}

/** Whoever probes waits for a few seconds at most. */
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
 * Answers `/livez` (the process runs) and `/readyz` (its database answers and is migrated; whether Redis answers is told, and
 * takes nothing out); null for every other path.
 */
export async function healthAt(path: string, services: Services): Promise<Health | null> {
  if (path === '/livez') return { status: 200, body: { status: 'ok' } };
  return path === '/readyz' ? readiness(services) : null;
}
