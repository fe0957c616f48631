import { type BulkOperation, hasEnded } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import {
  alreadyEnded,
  type BulkOperationResult,
  isRefused,
  type Refused,
  refused,
  unknownOperation,
} from './result';

/** Changes an operation's own row, unless what it is in forbids that. */
async function steer(
  services: Services,
  id: BulkOperationId,
  change: (operation: BulkOperation) => Partial<BulkOperation> | Refused,
): Promise<BulkOperationResult> {
  const { database, operationSignals, workSignals } = services;
  const answer = await database.transaction(async (connection): Promise<BulkOperationResult> => {
    const operation = await lockOperation(database, connection, id);
    if (operation === null) return unknownOperation;
    const changes = change(operation);
    if ('code' in changes) return changes;
    await updateOperation(connection, id, changes);
    return { ...operation, ...changes };
  });
  if (!isRefused(answer)) {
    operationSignals.notify(id);
    workSignals.notify(id);
  }
  return answer;
}

/** Starts what was planned: exactly the planned runs, none that changed state since. Counts start anew. */
export const startPlannedBulkOperation = (
  services: Services,
  id: BulkOperationId,
  expectedCount: number | null,
): Promise<BulkOperationResult> =>
  steer(services, id, operation => {
    const { status, expires, matched } = operation;
    if (status === 'EXPIRED' || (status === 'PLANNED' && expires !== null && expires <= services.clock()))
      return refused('PLAN_EXPIRED', 'The plan has expired, as runs may have moved on since. Plan again.');
    if (status !== 'PLANNED') {
      const instead = hasEnded(operation) ? 'Plan again' : 'Watch it, or plan another one';
      const message =
        status === 'PLANNING'
          ? 'The plan is not ready yet. Wait until it is PLANNED.'
          : `Only a plan that was not started yet can be started; this operation is ${status}. ${instead}.`;
      return refused('NOT_PLANNED', message);
    }
    if (expectedCount !== null && expectedCount !== matched) {
      const message = `${matched} runs are planned, not the expected ${expectedCount}. Check them, then send the new count.`;
      return refused('UNEXPECTED_COUNT', message, matched);
    }
    const counts = { pending: matched, accepted: 0, rejected: 0, aborted: 0, waiting: 0, skipped: 0 };
    return { ...counts, status: 'QUEUED', outcomes: [], expires: null };
  });

/** Lets an operation pause: no batch is begun from then on. */
export const pauseBulkOperation = (services: Services, id: BulkOperationId): Promise<BulkOperationResult> =>
  steer(services, id, operation => {
    if (hasEnded(operation)) return alreadyEnded(operation);
    const { status } = operation;
    if (status === 'QUEUED' || status === 'SELECTING' || status === 'RUNNING')
      return { status: 'PAUSED', pausedFor: 'REQUESTED' };
    const instead =
      status === 'PAUSED'
        ? 'Resume it, or cancel it'
        : `A plan moves nothing: ${status === 'PLANNED' ? 'start it with startPlannedBulkOperation' : 'wait until it is PLANNED'}, or cancel it`;
    return refused('NOT_RUNNING', `The operation is not running: it is ${status}. ${instead}.`);
  });

/** Lets a paused operation go on. A canary was then looked at, and the window of failures starts anew. */
export const resumeBulkOperation = (services: Services, id: BulkOperationId): Promise<BulkOperationResult> =>
  steer(services, id, operation => {
    if (hasEnded(operation)) return alreadyEnded(operation);
    const { status, pausedFor, selection, started } = operation;
    if (status !== 'PAUSED') {
      const instead =
        status === 'PLANNED'
          ? 'Start it with startPlannedBulkOperation'
          : 'It goes on by itself: watch it, or cancel it';
      return refused('NOT_PAUSED', `The operation is not paused: it is ${status}. ${instead}.`);
    }
    return {
      status: started === null ? 'QUEUED' : selection === null ? 'RUNNING' : 'SELECTING',
      pausedFor: null,
      failureWindow: '',
      ...(pausedFor === 'CANARY' && { canaryPassed: true }),
    };
  });

/** Ends an operation: what is done stays done, a batch in hand is not written, and the rest stays PENDING. */
export const cancelBulkOperation = (services: Services, id: BulkOperationId): Promise<BulkOperationResult> =>
  steer(services, id, operation =>
    hasEnded(operation)
      ? alreadyEnded(operation)
      : { status: 'CANCELLED', pausedFor: null, ended: services.clock() },
  );

/** Changes how many runs are moved in a second; null lifts the limit. */
export const setBulkOperationRate = (
  services: Services,
  id: BulkOperationId,
  runsPerSecond: number | null,
): Promise<BulkOperationResult> =>
  steer(services, id, operation =>
    hasEnded(operation) ? alreadyEnded(operation) : { runsPerSecond, pacedUntil: null },
  );
