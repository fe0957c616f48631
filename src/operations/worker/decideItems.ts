import type { BulkOperation, BulkOperationItem } from '../../domain/bulkOperation';
import type { FlowRunId } from '../../domain/identifiers';
import { policyFor } from '../../orchestration/policies';
import { undoNote } from '../../orchestration/undoNote';
import type { SqlExecutor } from '../../persistence/connection/statements';
import type { FoundFlowRun, FoundFlowRuns } from '../../persistence/flowRuns/hotLockedFlowRunFacts';
import { type DecidedBatch, decideFlowRuns } from '../../transitions/decideFlowRuns';
import { type DecisionStrategy, ruleStrategy, undoStrategy } from '../../transitions/decisionStrategy';
import type { Services } from '../../transitions/services';
import { goneVerdict, type ItemVerdict, refusedVerdict, verdictOf } from './itemVerdicts';
import { reasonToSkip, type SkipCode, skipVerdict } from './reasonToSkip';
import { beforeOf, findFirstCopies, findRestorations } from './undoFacts';

/** The items of a batch with their verdicts, and what is to be written for them. */
export interface DecidedItems {
  verdicts: ReadonlyMap<FlowRunId, ItemVerdict>;
  decided: DecidedBatch;
  /** Why some of the decided runs cannot be moved by the executor: their verdicts report it too. */
  refusals: ReadonlyMap<FlowRunId, string>;
}

/** Chooses how an operation's items are decided: by the rules, or for an undo by what the runs had. */
async function strategyFor(
  services: Services,
  connection: SqlExecutor,
  { id, actor, definition, restores }: BulkOperation,
  items: readonly BulkOperationItem[],
): Promise<DecisionStrategy> {
  const { state, force, callerRenewsLeases } = definition;
  const caller = { author: { actor, bulkOperationId: id }, callerRenewsLeases };
  if (state !== null) return ruleStrategy(services, { proposal: state, policy: policyFor(force), ...caller });
  if (restores === null) throw new Error('an operation without a state puts nothing back either');
  const restorations = await findRestorations(connection, restores, items);
  return undoStrategy(restorations, { ...caller, note: undoNote(id, restores) });
}

/** Returns the strategy with slots as the runs that were planned before would leave them. */
function withPlannedSlots(strategy: DecisionStrategy, { plannedSlots }: BulkOperation): DecisionStrategy {
  const moved = new Map(Object.entries(plannedSlots));
  return {
    ...strategy,
    decide: (runs, { deployments, leases }, call) => {
      const seen = [...deployments.values()].map(deployment => {
        const activeSlots = Math.max(0, deployment.activeSlots + (moved.get(deployment.id) ?? 0));
        return [deployment.id, { ...deployment, activeSlots }] as const;
      });
      return strategy.decide(runs, { deployments: new Map(seen), leases }, call);
    },
  };
}

/**
 * What a decision is for: a plan, which shows it; a transaction, which writes it; or a Prefect server, which carries it out and
 * has the last word. Only a transaction locks rows, and only a plan sees the slots of the runs that were planned before.
 */
type DecisionPurpose = 'plan' | 'write' | 'send';

/** Why runs of a batch cannot be moved by the executor at all. */
async function findRefusals(
  { executor }: Services,
  connection: SqlExecutor,
  { definition: { state, force } }: BulkOperation,
  { runs, batch }: DecidedBatch,
): Promise<Map<FlowRunId, string>> {
  const moves = batch.decisions.flatMap(({ flowRunId, transition }) => {
    const run = runs.get(flowRunId);
    const proposal = state ?? transition?.state;
    const isUndo = state === null;
    return run && proposal ? [{ run, proposal, force: force || isUndo, isUndo }] : [];
  });
  return executor.refusalsOf(connection, moves);
}

/** Decides the items of a batch on the same engine as the 50-run call. */
export async function decideItems(
  services: Services,
  connection: SqlExecutor,
  operation: BulkOperation,
  items: readonly BulkOperationItem[],
  purpose: DecisionPurpose,
  attempt: number,
): Promise<DecidedItems> {
  const strategy = await strategyFor(services, connection, operation, items);
  const byRun = new Map(items.map(item => [item.flowRunId, item]));
  const skipOf = (run: FoundFlowRun, found: FoundFlowRuns): SkipCode | null => {
    const item = byRun.get(run.facts.id);
    if (item === undefined) return null;
    return reasonToSkip(operation, item, run, found);
  };
  const decided = await decideFlowRuns(
    services,
    connection,
    {
      ...(purpose === 'plan' ? withPlannedSlots(strategy, operation) : strategy),
      runs: items.map(item => item.flowRunId),
      alsoLock: items.flatMap(item => item.matchesAbove ?? []),
      filter: operation.definition.filter,
      isEligible: (run, found) => skipOf(run, found) === null,
    },
    purpose === 'write' ? 'forUpdate' : 'none',
    attempt,
  );
  const refusals = await findRefusals(services, connection, operation, decided);
  const firstCopies = purpose === 'write' ? await findFirstCopies(connection, operation, decided) : new Map();
  const verdicts = new Map(
    decided.batch.decisions.map(decision => {
      const run = decided.runs.get(decision.flowRunId);
      const before = run ? beforeOf(run, decision, firstCopies) : null;
      const refusal = refusals.get(decision.flowRunId);
      if (refusal !== undefined) return [decision.flowRunId, refusedVerdict(refusal, run?.stateId ?? null)];
      return [decision.flowRunId, verdictOf(decision, run?.stateId ?? null, before)];
    }),
  );
  for (const { flowRunId } of items) {
    if (verdicts.has(flowRunId)) continue;
    const run = decided.found.get(flowRunId);
    const code = run && skipOf(run, decided.found);
    verdicts.set(flowRunId, run && code ? skipVerdict(code, run) : goneVerdict);
  }
  return { verdicts, decided, refusals };
}
