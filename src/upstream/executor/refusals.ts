import type { DeploymentId, FlowRunId } from '../../domain/identifiers';
import type { MirrorState } from '../../domain/mirror';
import { defaultStateName, type StateProposal, type StateType } from '../../domain/state';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { findInactiveLimits } from '../../persistence/mirror/findInactiveLimits';
import { distinct } from '../../platform/distinct';
import type { ProposedMove } from '../../transitions/transitionExecutor';

/** The states whose slots and leases their holder must renew, which no gateway does. */
const heldByWorkers: readonly StateType[] = ['PENDING', 'RUNNING'];
/** The states that an undo cannot give back: what held them is gone. */
const notGivenBack: readonly StateType[] = ['PENDING', 'RUNNING', 'CANCELLING', 'PAUSED'];

/** Why a Prefect server is not asked to move any run to this state; null: it is. */
export const refusalOfProposal = ({ type }: StateProposal): string | null =>
  heldByWorkers.includes(type)
    ? `${type} cannot be proposed here: such a run takes a slot and a lease in the Prefect server that no process would renew`
    : null;

function refusalOf(
  { run, proposal: { type, name = defaultStateName(type) }, force, isUndo }: ProposedMove,
  inactive: ReadonlySet<DeploymentId>,
): string | null {
  if (run.deploymentId !== null && inactive.has(run.deploymentId))
    return 'The concurrency limit of its deployment is switched off in the Prefect server, which then fails on transitions of its runs.';
  if (isUndo && notGivenBack.includes(type))
    return `The run cannot be given back to ${type}: the process that held this state is gone.`;
  if (force && run.stateType === type && run.stateName === name)
    return 'The run is in this state already, and forcing it again would look like any other transition.';
  return null;
}

/** Why some runs are not proposed a state in the Prefect server, by run. */
export async function findRefusals(
  connection: SqlExecutor,
  moves: readonly ProposedMove[],
): Promise<Map<FlowRunId, string>> {
  const inactive = await findInactiveLimits(connection, distinct(moves.map(({ run }) => run.deploymentId)));
  return new Map(
    moves.flatMap(move => {
      const reason = refusalOf(move, inactive);
      return reason === null ? [] : [[move.run.id, reason] as const];
    }),
  );
}

/** Why no plan can be made in the phase that the mirror is in; null: plans can be made. */
export function reasonNotToPlan(mirror: MirrorState | null): string | null {
  switch (mirror?.phase) {
    case 'FOLLOWING':
      return null;
    case 'BEHIND':
      return 'The gateway cannot follow the Prefect server now, so a plan would rest on old runs. Try again later.';
    case 'WALKING':
    case undefined:
      return 'The gateway is still copying the runs of the Prefect server, so a plan would miss some. Try again when `server { mirror { phase } }` is FOLLOWING.';
  }
}
