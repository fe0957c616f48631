import type { BulkOperationDefinition } from '../../domain/bulkOperation';
import { hasConditions } from '../../persistence/filter/applyFlowRunFilter';
import { countFlowRuns } from '../../persistence/flowRuns/flowRunPages';
import { countWithSubflows } from '../../persistence/operations/selection';
import type { Services } from '../../transitions/services';
import { createOperation, type Request } from './create';
import { type BulkOperationResult, type Refused, refused } from './result';

/** Which runs, which state, and how. */
export interface BulkOperationRequest extends Request {
  definition: BulkOperationDefinition;
  runsPerSecond: number | null;
}

const emptyFilter = refused(
  'EMPTY_FILTER',
  'The filter has no condition, so every run would be moved. Name a condition, or set `all: true`.',
);

/** What the guards say of the runs that match now; null: nothing against it. */
async function guard(
  { database }: Services,
  { filter, expectedCount, maxAffected, includeSubflows }: BulkOperationDefinition,
): Promise<Refused | null> {
  if (expectedCount === null && maxAffected === null) return null;
  const count = includeSubflows ? countWithSubflows : countFlowRuns;
  const matched = await database.scan('counts', database.primary, manager => count(manager, filter));
  if (expectedCount !== null && matched !== expectedCount) {
    const message = `${matched} runs match, not the expected ${expectedCount}. Check them, then send the new count.`;
    return refused('UNEXPECTED_COUNT', message, matched);
  }
  if (maxAffected !== null && matched > maxAffected) {
    const message = `${matched} runs match, more than the ${maxAffected} that may be affected. Narrow the filter, or allow more.`;
    return refused('TOO_MANY_MATCHED', message, matched);
  }
  return null;
}

function create(
  services: Services,
  request: BulkOperationRequest,
  kind: { origin: 'START'; status: 'QUEUED' } | { origin: 'PLAN'; status: 'PLANNING' },
): Promise<BulkOperationResult> {
  const { definition, ...rest } = request;
  return createOperation(
    services,
    definition,
    { ...rest, ...kind, selection: { phase: 'MATCHING', after: null } },
    () =>
      hasConditions(definition.filter) || definition.all
        ? guard(services, definition)
        : Promise.resolve(emptyFilter),
  );
}

/** Makes an operation, and answers at once; workers do the work. */
export const startBulkOperation = (
  services: Services,
  request: BulkOperationRequest,
): Promise<BulkOperationResult> => create(services, request, { origin: 'START', status: 'QUEUED' });

/** Makes a plan, and answers at once; workers decide its runs by the real rules, and write no state. */
export const planBulkOperation = (
  services: Services,
  request: BulkOperationRequest,
): Promise<BulkOperationResult> => create(services, request, { origin: 'PLAN', status: 'PLANNING' });
