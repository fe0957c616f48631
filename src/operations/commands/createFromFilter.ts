import type { BulkOperationDefinition } from '../../domain/bulkOperation';
import { hasConditions } from '../../persistence/filter/applyFlowRunFilter';
import { countFlowRuns } from '../../persistence/flowRuns/flowRunPages';
import { countWithSubflows } from '../../persistence/operations/selection';
import { checkProposal } from '../../transitions/bulkSetFlowRunState';
import type { Services } from '../../transitions/services';
import { type BulkOperationRefused, type BulkOperationResult, refused } from './bulkOperationResult';
import { createOperation, type Request } from './createOperation';

/** Which runs, which state, and how. */
export interface BulkOperationRequest extends Request {
  definition: BulkOperationDefinition;
  runsPerSecond: number | null;
}

const emptyFilter = refused(
  'EMPTY_FILTER',
  'The filter has no condition, so every run would be moved. Name a condition, or set `all: true`.',
);

/** Why the number of runs that match now forbids the operation; null where it does not. */
async function checkGuards(
  { database }: Services,
  { filter, expectedCount, maxAffected, includeSubflows }: BulkOperationDefinition,
): Promise<BulkOperationRefused | null> {
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

/** Makes an operation over the runs that match a filter, unless the filter is empty or a guard fails. */
export async function createFromFilter(
  services: Services,
  request: BulkOperationRequest,
  kind: { origin: 'START'; status: 'QUEUED' } | { origin: 'PLAN'; status: 'PLANNING' },
): Promise<BulkOperationResult> {
  const { definition, ...rest } = request;
  if (definition.state !== null) checkProposal(services, definition.state);
  return createOperation(
    services,
    definition,
    { ...rest, ...kind, selection: { phase: 'MATCHING', after: null } },
    () =>
      hasConditions(definition.filter) || definition.all
        ? checkGuards(services, definition)
        : Promise.resolve(emptyFilter),
  );
}
