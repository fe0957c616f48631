import { defaultStateName, type StateType } from '../../../src/domain/state';
import type { TransitionCase } from '../transitions';
import { isWire, type Wire } from '../wire';

const notProposed: readonly unknown[] = ['PENDING', 'RUNNING'];

const nameOf = (state: Wire): unknown => state.name ?? defaultStateName(state.type as StateType);

const isSameState = (one: Wire, other: Wire): boolean =>
  one.type === other.type && nameOf(one) === nameOf(other);

/** Why a run cannot be brought into the state in which a case has it; null: it can. */
function reasonOfRun(run: Wire, proposed: Wire): string | null {
  const { state, empirical_policy: policy, run_count: runCount = 0, parent_task: parentTask } = run;
  if (!isWire(state)) return 'the server makes no run without a state';
  if (isWire(parentTask) && !isWire(parentTask.state))
    return 'the server makes no subflow of a task run without a state';
  // The number of runs decides about a retry; elsewhere only by how much it changes is compared.
  const isCounted = isWire(policy) && typeof policy.retries === 'number' && proposed.type === 'FAILED';
  return isCounted && state.type === 'RUNNING' && runCount === 0
    ? 'the server counts a run from its first RUNNING state on'
    : null;
}

/** Why a case is not played against a gateway that is attached to a Prefect server; null: it is. */
export function reasonNotToPlay({ given, when }: TransitionCase): string | null {
  const { state: proposed, force } = when;
  if (!isWire(proposed)) return 'the case proposes no state';
  if (notProposed.includes(proposed.type)) return 'an attached gateway proposes no PENDING or RUNNING';
  if (Object.values(given.deployments ?? {}).some(({ missing }) => missing === true))
    return 'the server deletes no deployment that a run names';
  const runs = Object.values(given.runs);
  for (const run of runs) {
    const reason = reasonOfRun(run, proposed);
    if (reason !== null) return reason;
  }
  const isForcedAgain = runs.some(({ state }) => isWire(state) && isSameState(state, proposed));
  return force === true && isForcedAgain
    ? 'an attached gateway forces no state that a run has already'
    : null;
}
