import type { BulkOperation, SelectionProgress } from '../../domain/bulkOperation';
import { addSeconds } from '../../domain/instant';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { reportStatus } from '../reportStatus';
import type { OperationSettings } from '../settings';
import { addMatching } from './addMatching';
import { addSubflows } from './addSubflows';
import { arrange } from './arrange';
import { copyItems } from './copyItems';
import type { Changes, SelectionStep } from './selectionStep';

function takeStep(step: SelectionStep, selection: SelectionProgress): Promise<Changes> {
  switch (selection.phase) {
    case 'MATCHING':
      return addMatching(step, selection);
    case 'DESCENDING':
      return addSubflows(step, selection);
    case 'ARRANGING':
      return arrange(step, selection);
    case 'COPYING':
      return copyItems(step, selection);
  }
}

/** Which guard the frozen set offends; null: none. */
function brokenGuard({ definition }: BulkOperation, matched: number): string | null {
  const { expectedCount, maxAffected } = definition;
  if (expectedCount !== null && matched !== expectedCount)
    return `expectedCount: ${expectedCount} runs were expected, and ${matched} were selected. Nothing was moved.`;
  if (maxAffected !== null && matched > maxAffected)
    return `maxAffected: at most ${maxAffected} runs may be moved, and ${matched} were selected. Nothing was moved.`;
  return null;
}

/** The status of an operation once its set of runs is frozen. */
function afterSelection(
  operation: BulkOperation,
  matched: number,
  services: Services,
  settings: OperationSettings,
): Partial<BulkOperation> {
  const now = services.clock();
  const error = brokenGuard(operation, matched);
  if (error !== null) return { status: 'FAILED', error, ended: now };
  const isPlan = operation.status === 'PLANNING';
  if (matched > 0) return isPlan ? {} : { status: 'RUNNING' };
  if (!isPlan) return { status: 'COMPLETED', ended: now };
  return { status: 'PLANNED', planned: now, expires: addSeconds(now, settings.planSeconds) };
}

/**
 * Takes the next step of an operation's selection: one page in one transaction, so that memory is limited and a
 * restart continues after the last page.
 *
 * @returns whether it did; false if another worker does.
 */
export async function selectNextPage(
  services: Services,
  settings: OperationSettings,
  { id }: Pick<BulkOperation, 'id'>,
): Promise<boolean> {
  const { database, clock } = services;
  const stepped = await database.transaction(async connection => {
    const operation = await lockOperation(connection, id, 'skipLocked');
    const isActive = operation !== null && ['PLANNING', 'QUEUED', 'SELECTING'].includes(operation.status);
    if (!isActive) return null;
    const begun: Partial<BulkOperation> =
      operation.status === 'QUEUED' ? { status: 'SELECTING', started: clock() } : {};
    const step: SelectionStep = { services, connection, operation, pageSize: settings.batchSize };
    // A plan that was started has its runs already.
    const changes: Changes =
      operation.selection === null ? { selection: null } : await takeStep(step, operation.selection);
    const { matched = operation.matched, selection } = changes;
    const frozen = selection === null ? afterSelection(operation, matched, services, settings) : {};
    await updateOperation(connection, id, { ...begun, ...changes, ...frozen });
    return { operation, status: frozen.status ?? begun.status };
  });
  if (stepped === null) return false;
  services.operationSignals.notify(id);
  if (stepped.status) reportStatus(services, stepped.operation, stepped.status);
  return true;
}
