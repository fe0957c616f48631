import { type BatchPlan, type DecidedBatch, decideFlowRuns } from '../app/decideFlowRuns';
import type { Services } from '../app/services';
import { byTheRules } from '../app/transitionFlowRuns';
import type { BeforeTransition, BulkOperation, BulkOperationItem } from '../domain/bulkOperation';
import type { FlowRunId, StateId } from '../domain/identifiers';
import { isTerminal, type State } from '../domain/state';
import type { TransitionCode } from '../domain/transition';
import type { Decision } from '../orchestration/decision';
import type { FlowRunFacts } from '../orchestration/facts';
import { beforeTransition, decideUndo, type Restoration } from '../orchestration/undo';
import type { FoundFlowRun, FoundFlowRuns, Hold } from '../persistence/facts';
import { compileFlowRunFilter } from '../persistence/filter/compile';
import { findItemsOfRuns, findMovedItemsBelow } from '../persistence/ledger/items';
import { findFlowRunStatesByIds, findTaskRunStatesByIds } from '../persistence/reading';
import type { Connection } from '../persistence/statements';

/** What the ledger says of an item that was decided. */
export type ItemVerdict = Pick<
  BulkOperationItem,
  'status' | 'code' | 'reason' | 'delaySeconds' | 'previousStateId' | 'stateId' | 'before'
>;

/** The items of a batch with their verdicts, and what is to be written for them. */
export interface DecidedItems {
  verdicts: ReadonlyMap<FlowRunId, ItemVerdict>;
  decided: DecidedBatch;
}

const nothingWritten = { delaySeconds: null, stateId: null, before: null } as const;

/** The verdict about an item that could not be decided even alone. */
export const failedVerdict: ItemVerdict = {
  ...nothingWritten,
  status: 'ABORT',
  code: 'INTERNAL_ERROR',
  reason: 'The run could not be processed; nothing of it was written.',
  previousStateId: null,
};

/** Why an item is left alone, as its run is found; null: it is to be decided. */
function skipCode(
  { origin, restores, definition }: Pick<BulkOperation, 'origin' | 'restores' | 'definition'>,
  item: BulkOperationItem,
  { facts, matches }: FoundFlowRun,
  found: FoundFlowRuns,
): TransitionCode | null {
  const isUnchanged = facts.stateId === item.expectedStateId;
  if (restores !== null) return isUnchanged ? null : 'CHANGED_SINCE_OPERATION';
  if (origin === 'PLAN' && item.plannedStatus !== null && !isUnchanged) return 'CHANGED_SINCE_PLAN';
  if (definition.filter === null || (item.isMatch && matches)) return null;
  const isBelowMatch = item.matchesAbove?.some(id => found.get(id)?.matches) ?? false;
  const isSubflowStill = isBelowMatch && !isTerminal(facts.stateType);
  return isSubflowStill ? null : 'NO_LONGER_MATCHES';
}

const skipReasons: Partial<Record<TransitionCode, string>> = {
  CHANGED_SINCE_OPERATION: 'Something else moved the run since the operation, and it was left alone.',
  CHANGED_SINCE_PLAN: 'The state of the run changed since the plan, and it was left alone.',
  NO_LONGER_MATCHES: 'The run stopped matching before it could be moved, and was left alone.',
};

/** What task runs had before the operation first moved them, by the states that it gave them last. */
type FirstCopies = ReadonlyMap<StateId, NonNullable<BeforeTransition['parentTaskRun']>>;

/** Looks up which parent task runs of a batch the operation has moved before, for runs of other batches that share them. */
async function findFirstCopies(
  connection: Connection,
  { id, started }: BulkOperation,
  { runs }: DecidedBatch,
): Promise<FirstCopies> {
  const parents = [...runs.values()].map(run => run.parentTaskRun).filter(parent => parent !== null);
  // Most have no other run, and were last moved before the operation began.
  const moved = parents.filter(
    ({ stateTimestamp }) => stateTimestamp !== null && started !== null && stateTimestamp >= started,
  );
  const items = await findMovedItemsBelow(connection, id, [...new Set(moved.map(parent => parent.id))]);
  const copies = items.map(({ before }) => before?.parentTaskRun).filter(copy => copy !== undefined);
  return new Map(copies.map(copy => [copy.stateId, copy]));
}

/** What an undo of a decision will need. A parent task run goes back to what it had before the whole operation. */
function beforeOf(run: FlowRunFacts, decision: Decision, firstCopies: FirstCopies): BeforeTransition | null {
  const before = beforeTransition(run, decision);
  const first = run.parentTaskRun?.stateId ? firstCopies.get(run.parentTaskRun.stateId) : undefined;
  if (!before?.parentTaskRun || first === undefined) return before;
  const { parentTaskRun } = before;
  const columns = { ...parentTaskRun.columns, ...first.columns };
  return { ...before, parentTaskRun: { ...parentTaskRun, previousStateId: first.previousStateId, columns } };
}

function verdictOf(decision: Decision, decided: DecidedBatch, firstCopies: FirstCopies): ItemVerdict {
  const { verdict, transition, flowRunId } = decision;
  const run = decided.runs.get(flowRunId);
  return {
    status: verdict.status,
    code: verdict.status === 'ACCEPT' ? null : verdict.code,
    reason: verdict.status === 'ACCEPT' ? null : verdict.reason,
    delaySeconds: verdict.status === 'WAIT' ? verdict.delaySeconds : null,
    previousStateId: run?.stateId ?? null,
    stateId: transition?.state.id ?? null,
    before: run ? beforeOf(run, decision, firstCopies) : null,
  };
}

function skipVerdict(code: TransitionCode, run: FoundFlowRun): ItemVerdict {
  return {
    ...nothingWritten,
    status: 'SKIPPED',
    code,
    reason: skipReasons[code] ?? null,
    previousStateId: run.facts.stateId,
  };
}

const goneVerdict: ItemVerdict = {
  ...nothingWritten,
  status: 'ABORT',
  code: 'FLOW_RUN_NOT_FOUND',
  reason: 'There is no flow run with this id any more.',
  previousStateId: null,
};

const byStateId = (states: readonly State[]): Map<StateId, State> =>
  new Map(states.map(state => [state.id, state]));

/** What the runs of these items had before the operation that is undone. */
async function findRestorations(
  connection: Connection,
  restores: NonNullable<BulkOperation['restores']>,
  items: readonly BulkOperationItem[],
): Promise<Map<FlowRunId, Restoration>> {
  const earlier = await findItemsOfRuns(
    connection,
    restores,
    items.map(item => item.flowRunId),
  );
  const present = (ids: (StateId | null | undefined)[]) => ids.filter(id => id !== null && id !== undefined);
  const states = byStateId(
    await findFlowRunStatesByIds(connection, present(earlier.map(item => item.previousStateId))),
  );
  const parentStates = byStateId(
    await findTaskRunStatesByIds(
      connection,
      present(earlier.map(item => item.before?.parentTaskRun?.previousStateId)),
    ),
  );
  return new Map(
    earlier.flatMap(({ flowRunId, before, previousStateId }): [FlowRunId, Restoration][] => {
      if (before === null) return [];
      const parentStateId = before.parentTaskRun?.previousStateId ?? null;
      return [
        [
          flowRunId,
          {
            before,
            previousState: (previousStateId && states.get(previousStateId)) ?? null,
            parentPreviousState: (parentStateId && parentStates.get(parentStateId)) ?? null,
          },
        ],
      ];
    }),
  );
}

type Deciding = Pick<BatchPlan, 'needsConcurrency' | 'leaseId' | 'callerRenewsLeases' | 'decide'>;

async function waysToDecide(
  services: Services,
  connection: Connection,
  { definition, restores }: BulkOperation,
  items: readonly BulkOperationItem[],
): Promise<Deciding> {
  const { state, force, callerRenewsLeases } = definition;
  if (state !== null) return byTheRules(services, { proposal: state, force, callerRenewsLeases });
  if (restores === null) throw new Error('an operation without a state puts nothing back either');
  const restorations = await findRestorations(connection, restores, items);
  return {
    callerRenewsLeases,
    needsConcurrency: run => {
      const before = restorations.get(run.id)?.before;
      return before?.slot !== undefined || before?.endedLease !== undefined;
    },
    decide: (runs, concurrency, call) => decideUndo({ runs, restorations, concurrency, call }),
  };
}

/** Lets a way to decide see slots as the runs before it would have left them. */
function withPlannedSlots(deciding: Deciding, { plannedSlots }: BulkOperation): Deciding {
  const moved = new Map(Object.entries(plannedSlots));
  return {
    ...deciding,
    decide: (runs, { deployments, leases }, call) => {
      const seen = [...deployments.values()].map(deployment => {
        const activeSlots = Math.max(0, deployment.activeSlots + (moved.get(deployment.id) ?? 0));
        return [deployment.id, { ...deployment, activeSlots }] as const;
      });
      return deciding.decide(runs, { deployments: new Map(seen), leases }, call);
    },
  };
}

/** Decides the items of a batch on the same engine as the 50-run call. `look` for a plan: nothing is held, and nothing written. */
export async function decideItems(
  services: Services,
  connection: Connection,
  operation: BulkOperation,
  items: readonly BulkOperationItem[],
  hold: Hold,
  attempt: number,
): Promise<DecidedItems> {
  const deciding = await waysToDecide(services, connection, operation, items);
  const byRun = new Map(items.map(item => [item.flowRunId, item]));
  const skipOf = (run: FoundFlowRun, found: FoundFlowRuns): TransitionCode | null => {
    const item = byRun.get(run.facts.id);
    if (item === undefined) return null;
    return skipCode(operation, item, run, found);
  };
  const decided = await decideFlowRuns(
    services,
    connection,
    {
      ...(hold === 'look' ? withPlannedSlots(deciding, operation) : deciding),
      runs: items.map(item => item.flowRunId),
      beside: items.flatMap(item => item.matchesAbove ?? []),
      filter: compileFlowRunFilter(operation.definition.filter, services.database.dialect),
      admits: (run, found) => skipOf(run, found) === null,
    },
    hold,
    attempt,
  );
  const firstCopies = hold === 'lock' ? await findFirstCopies(connection, operation, decided) : new Map();
  const verdicts = new Map(
    decided.batch.decisions.map(decision => [decision.flowRunId, verdictOf(decision, decided, firstCopies)]),
  );
  for (const { flowRunId } of items) {
    if (verdicts.has(flowRunId)) continue;
    const run = decided.found.get(flowRunId);
    const code = run && skipOf(run, decided.found);
    verdicts.set(flowRunId, run && code ? skipVerdict(code, run) : goneVerdict);
  }
  return { verdicts, decided };
}
