import type { SelectedRun, SelectionProgress } from '../../domain/bulkOperation';
import {
  findSelectedRuns,
  findSelectedRunsOfDepth,
  insertSelectedRuns,
  writeSelectedRuns,
} from '../../persistence/operations/selectedRuns';
import { findSubflows, type Subflow } from '../../persistence/operations/selection';
import { reachSubflows } from './reachSubflows';
import { type Changes, type Phase, type SelectionStep, selectedRunOf } from './selectionStep';

/** Some of the runs of a depth with their subflows, and from where on there are more; null: none. */
interface Descent {
  parents: readonly SelectedRun[];
  subflows: readonly Subflow[];
  next: Pick<Phase<'DESCENDING'>, 'after' | 'child'> | null;
}

/** Finds the next subflows below a depth: a page of them at most, be they of many runs or of one. */
async function descend(
  { connection, operation, pageSize }: SelectionStep,
  { depth, after, child }: Phase<'DESCENDING'>,
): Promise<Descent> {
  const maxParents = child === undefined ? pageSize : 1;
  const parents = await findSelectedRunsOfDepth(connection, operation.id, depth, after, maxParents);
  const ids = parents.map(({ flowRunId }) => flowRunId);
  const subflows = await findSubflows(connection, ids, child ?? null, pageSize + 1);
  if (subflows.length <= pageSize) {
    const next = parents.length < maxParents ? null : { after: ids.at(-1) ?? null };
    return { parents, subflows, next };
  }
  // The last of these runs may have more: it has a page of its own, or several.
  const last = subflows.at(-1)?.parentId;
  const before = ids[ids.findIndex(id => id === last) - 1] ?? after;
  const whole = subflows.filter(({ parentId }) => parentId !== last);
  if (whole.length > 0) return { parents, subflows: whole, next: { after: before } };
  const page = subflows.slice(0, pageSize);
  return { parents, subflows: page, next: { after: before, child: page.at(-1)?.id } };
}

/** Adds the next subflows of the runs of a depth, one step deeper; those that are selected already move to that depth. */
export async function addSubflows(step: SelectionStep, progress: Phase<'DESCENDING'>): Promise<Changes> {
  const { services, connection, operation } = step;
  const { depth } = progress;
  const { parents, subflows, next } = await descend(step, progress);
  const reached = reachSubflows(parents, subflows);
  const reachedIds = reached.map(({ flowRunId }) => flowRunId);
  const already = await findSelectedRuns(connection, operation.id, reachedIds);
  const known = new Map(already.map(run => [run.flowRunId, run]));
  const added: SelectedRun[] = [];
  const deepened: { before: SelectedRun; after: SelectedRun }[] = [];
  for (const { flowRunId, matchesAbove, isFinished: isPassed } of reached) {
    const before = known.get(flowRunId);
    const reachedHere = { depth: depth + 1, matchesAbove };
    if (before) deepened.push({ before, after: { ...before, ...reachedHere } });
    else added.push(selectedRunOf(operation, flowRunId, { ...reachedHere, isMatch: false, isPassed }));
  }
  await insertSelectedRuns(connection, added);
  await writeSelectedRuns(services.database, connection, operation.id, deepened);
  return { selection: next ? { phase: 'DESCENDING', depth, ...next } : await below(step, depth) };
}

/** What comes once all runs of a depth have their subflows. */
async function below({ connection, operation }: SelectionStep, depth: number): Promise<SelectionProgress> {
  const deeper = await findSelectedRunsOfDepth(connection, operation.id, depth + 1, null, 1);
  return deeper.length > 0
    ? { phase: 'DESCENDING', depth: depth + 1, after: null }
    : { phase: 'ARRANGING', depth, after: null };
}
