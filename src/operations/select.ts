import type { Services } from '../app/services';
import type {
  BulkOperation,
  BulkOperationBatch,
  BulkOperationItem,
  SelectionProgress,
} from '../domain/bulkOperation';
import type { FlowRunId } from '../domain/identifiers';
import { addSeconds } from '../domain/instant';
import { isTerminal } from '../domain/state';
import { compileFlowRunFilter } from '../persistence/filter/compile';
import { insertBatches } from '../persistence/ledger/batches';
import {
  deleteItemsOfRuns,
  findItemsOfDepth,
  findItemsOfRuns,
  findItemsToCopy,
  type ItemChange,
  insertItems,
  moveItems,
} from '../persistence/ledger/items';
import { lockOperationIfFree, updateOperation } from '../persistence/ledger/operations';
import { findSubflows } from '../persistence/ledger/selection';
import { findNewestMatching } from '../persistence/matchingFlowRuns';
import type { Connection } from '../persistence/statements';
import { stretches } from './accounting';
import type { OperationSettings } from './settings';

/** What one step of a selection works with. */
interface Step {
  services: Services;
  connection: Connection;
  operation: BulkOperation;
  pageSize: number;
}

type Phase<Name extends SelectionProgress['phase']> = Extract<SelectionProgress, { phase: Name }>;

/** What a step changes of the operation's own row. */
type Changes = Partial<Pick<BulkOperation, 'selection' | 'lastOrdinal' | 'matched' | 'pending'>>;

const itemOf = (
  { id: operationId }: BulkOperation,
  ordinal: number,
  flowRunId: FlowRunId,
  more: Partial<BulkOperationItem>,
): BulkOperationItem => ({
  operationId,
  ordinal,
  flowRunId,
  depth: 0,
  isMatch: true,
  matchesAbove: null,
  status: 'PENDING',
  code: null,
  reason: null,
  delaySeconds: null,
  expectedStateId: null,
  plannedStatus: null,
  plannedCode: null,
  plannedReason: null,
  previousStateId: null,
  stateId: null,
  before: null,
  attempts: 0,
  decided: null,
  batch: null,
  place: null,
  ...more,
});

/** Makes the batches of freshly numbered items, all of one depth. */
async function addBatches(
  { connection, operation, pageSize }: Step,
  first: number,
  last: number,
  depth: number,
): Promise<void> {
  const batches = stretches(first, last, pageSize, operation.definition.canary).map(
    (stretch): BulkOperationBatch => ({
      operationId: operation.id,
      firstOrdinal: stretch.first,
      lastOrdinal: stretch.last,
      depth,
      due: null,
      planned: null,
      decided: null,
      firstPosition: null,
    }),
  );
  await insertBatches(connection, batches);
}

const grownBy = ({ matched, pending }: BulkOperation, count: number): Changes => ({
  matched: matched + count,
  pending: pending + count,
});

/** Adds the next page of matching runs. With subflows to come, items get ordinals below 0 until they can be put in order. */
async function addMatching(step: Step, { after }: Phase<'MATCHING'>): Promise<Changes> {
  const { services, connection, operation, pageSize } = step;
  const { filter: sent, includeSubflows } = operation.definition;
  const filter = compileFlowRunFilter(sent, services.database.dialect);
  const ids = await findNewestMatching(services.database, connection, filter, pageSize, after);
  const last = operation.lastOrdinal;
  const ordinal = (index: number) => (includeSubflows ? -(last + index + 1) : last + index + 1);
  await insertItems(
    connection,
    ids.map((id, index) => itemOf(operation, ordinal(index), id, {})),
  );
  if (!includeSubflows) await addBatches(step, last + 1, last + ids.length, 0);
  const isLast = ids.length < pageSize;
  const next: SelectionProgress | null = includeSubflows
    ? { phase: 'DESCENDING', depth: 0, after: null }
    : null;
  return {
    lastOrdinal: last + ids.length,
    ...(!includeSubflows && grownBy(operation, ids.length)),
    selection: isLast ? next : { phase: 'MATCHING', after: ids.at(-1) ?? null },
  };
}

/** What the selection knows of the run that a subflow was reached from. */
interface Reached {
  flowRunId: FlowRunId;
  matchesAbove: readonly FlowRunId[];
  isFinished: boolean;
}

/** How many of the matching runs above it an item keeps: however deep matches are nested, it stays small. */
const mostMatchesAbove = 32;

/** The matching runs above those that are reached from an item. The topmost is always kept: it tells where a cycle began. */
function matchesDownTo({ flowRunId, isMatch, matchesAbove }: BulkOperationItem): readonly FlowRunId[] {
  const all = [...(matchesAbove ?? []), ...(isMatch ? [flowRunId] : [])];
  return all.length > mostMatchesAbove ? all.toSpliced(1, 1) : all;
}

async function reachSubflows(
  connection: Connection,
  parents: readonly BulkOperationItem[],
): Promise<Reached[]> {
  const matchesAt = new Map(parents.map(item => [item.flowRunId, matchesDownTo(item)]));
  const subflows = await findSubflows(connection, [...matchesAt.keys()]);
  return subflows.flatMap(({ id, parentId, stateType }) => {
    const matchesAbove = matchesAt.get(parentId);
    // Each run has one parent, so that a walk which meets a run again has come back to where it began.
    return matchesAbove === undefined || matchesAbove.includes(id)
      ? []
      : [{ flowRunId: id, matchesAbove, isFinished: isTerminal(stateType) }];
  });
}

/** Adds the subflows of a page of items as items one step deeper; those that are items already sink to there. */
async function addSubflows(step: Step, { depth, after }: Phase<'DESCENDING'>): Promise<Changes> {
  const { services, connection, operation, pageSize } = step;
  const parents = await findItemsOfDepth(connection, operation.id, depth, after, pageSize);
  const reached = await reachSubflows(connection, parents);
  const known = new Map(
    (
      await findItemsOfRuns(
        connection,
        operation.id,
        reached.map(({ flowRunId }) => flowRunId),
      )
    ).map(item => [item.flowRunId, item]),
  );
  let last = operation.lastOrdinal;
  const fresh: BulkOperationItem[] = [];
  const sunk: ItemChange[] = [];
  for (const { flowRunId, matchesAbove, isFinished } of reached) {
    const before = known.get(flowRunId);
    if (before) sunk.push({ before, after: { ...before, depth: depth + 1, matchesAbove } });
    else {
      const status = isFinished ? 'PASSED' : 'PENDING';
      const more = { depth: depth + 1, isMatch: false, matchesAbove, status } as const;
      fresh.push(itemOf(operation, -++last, flowRunId, more));
    }
  }
  await insertItems(connection, fresh);
  await moveItems(services.database, connection, operation.id, sunk);
  return { lastOrdinal: last, selection: await nextDescent(step, parents, depth) };
}

async function nextDescent(
  { connection, operation, pageSize }: Step,
  parents: readonly BulkOperationItem[],
  depth: number,
): Promise<SelectionProgress> {
  if (parents.length === pageSize)
    return { phase: 'DESCENDING', depth, after: parents.at(-1)?.flowRunId ?? null };
  const deeper = await findItemsOfDepth(connection, operation.id, depth + 1, null, 1);
  return deeper.length > 0
    ? { phase: 'DESCENDING', depth: depth + 1, after: null }
    : { phase: 'ARRANGING', depth, after: null };
}

/** Numbers a page of items: deepest first, newest first within a depth. Those that were only passed through go. */
async function arrange(step: Step, { depth, after }: Phase<'ARRANGING'>): Promise<Changes> {
  const { services, connection, operation, pageSize } = step;
  const items = await findItemsOfDepth(connection, operation.id, depth, after, pageSize);
  const passed = items.filter(({ status }) => status === 'PASSED').map(({ flowRunId }) => flowRunId);
  await deleteItemsOfRuns(connection, operation.id, passed);
  const first = operation.matched + 1;
  const moved = items
    .filter(({ status }) => status !== 'PASSED')
    .map((before, index): ItemChange => ({ before, after: { ...before, ordinal: first + index } }));
  await moveItems(services.database, connection, operation.id, moved);
  await addBatches(step, first, first + moved.length - 1, depth);
  const last = first + moved.length - 1;
  const isLast = items.length < pageSize;
  const rest: SelectionProgress | null =
    depth === 0 ? null : { phase: 'ARRANGING', depth: depth - 1, after: null };
  return {
    ...grownBy(operation, moved.length),
    lastOrdinal: last,
    selection: isLast ? rest : { phase: 'ARRANGING', depth, after: items.at(-1)?.flowRunId ?? null },
  };
}

/** The stretches of items of one depth each, by their indexes. */
function depthsOf(items: readonly BulkOperationItem[]): { depth: number; from: number; to: number }[] {
  const found: { depth: number; from: number; to: number }[] = [];
  for (const [index, { depth }] of items.entries()) {
    const last = found.at(-1);
    if (last?.depth === depth) last.to = index;
    else found.push({ depth, from: index, to: index });
  }
  return found;
}

/**
 * Adds a page of the items that an earlier operation did not move (retry), or did (undo: the last first). Those of a retry
 * with subflows are then put in order anew: where some were told to wait, they are not deepest first in the old one.
 */
async function copyItems(step: Step, { after, deepest: before }: Phase<'COPYING'>): Promise<Changes> {
  const { connection, operation, pageSize } = step;
  const { definition, restores, retryOf } = operation;
  const source = retryOf ?? restores;
  if (source === null) throw new Error('an operation that copies items names no other operation');
  const which =
    retryOf === null
      ? ({ written: true } as const)
      : definition.codes === null
        ? { statuses: ['REJECT', 'ABORT', 'WAIT'] as const, codes: null }
        : { statuses: null, codes: definition.codes };
  const order = retryOf === null ? 'DESC' : 'ASC';
  const items = await findItemsToCopy(connection, source, which, order, pageSize, after);
  const isArranged = retryOf !== null && definition.includeSubflows;
  const first = operation.lastOrdinal + 1;
  const ordinal = (index: number) => (isArranged ? -(first + index) : first + index);
  await insertItems(
    connection,
    items.map(({ flowRunId, depth, stateId, expectedStateId }, index) =>
      itemOf(operation, ordinal(index), flowRunId, {
        depth,
        ...(restores !== null && { expectedStateId: retryOf === null ? stateId : expectedStateId }),
      }),
    ),
  );
  const last = operation.lastOrdinal + items.length;
  const deepest = Math.max(before, ...items.map(({ depth }) => depth));
  if (!isArranged) {
    for (const { depth, from, to } of depthsOf(items))
      await addBatches(step, first + from, first + to, depth);
  }
  const next: SelectionProgress | null = isArranged
    ? { phase: 'ARRANGING', depth: deepest, after: null }
    : null;
  return {
    ...(!isArranged && grownBy(operation, items.length)),
    lastOrdinal: last,
    selection:
      items.length < pageSize ? next : { phase: 'COPYING', after: items.at(-1)?.ordinal ?? null, deepest },
  };
}

function takeStep(step: Step, selection: SelectionProgress): Promise<Changes> {
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

/** Where an operation goes once its set of runs is frozen. */
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
 * Takes the next step of an operation's selection, one page in one transaction, so that memory stays flat and a restart goes
 * on where the last page ended. Answers whether it did; false where another worker is at it.
 */
export async function selectNextPage(
  services: Services,
  settings: OperationSettings,
  { id }: Pick<BulkOperation, 'id'>,
): Promise<boolean> {
  const { database, clock } = services;
  const stepped = await database.transaction(async connection => {
    const operation = await lockOperationIfFree(database, connection, id);
    const isActive = operation !== null && ['PLANNING', 'QUEUED', 'SELECTING'].includes(operation.status);
    if (!isActive) return false;
    const begun: Partial<BulkOperation> =
      operation.status === 'QUEUED' ? { status: 'SELECTING', started: clock() } : {};
    const step: Step = { services, connection, operation, pageSize: settings.batchSize };
    // A plan that was started has its runs already.
    const changes: Changes =
      operation.selection === null ? { selection: null } : await takeStep(step, operation.selection);
    const { matched = operation.matched, selection } = changes;
    const frozen = selection === null ? afterSelection(operation, matched, services, settings) : {};
    await updateOperation(connection, id, { ...begun, ...changes, ...frozen });
    return true;
  });
  if (stepped) services.operationSignals.notify(id);
  return stepped;
}
