import type { FlowRunFacts } from '../domain/facts';
import type { FlowRunId } from '../domain/identifiers';
import type { MirrorState } from '../domain/mirror';
import type { StateProposal } from '../domain/state';
import type { SqlExecutor } from '../persistence/connection/statements';
import type { FlowRunCondition } from '../persistence/filter/applyFlowRunFilter';
import type { OrchestrationResult } from './orchestrationResult';
import type { TransitionRequest } from './transitionRequest';
import type { RefreshedRuns, TransitionSender } from './transitionSender';

/** What a run is proposed: its state, and whether the minimal policy decides. */
export interface ProposedMove {
  run: FlowRunFacts;
  proposal: Pick<StateProposal, 'type' | 'name'>;
  force: boolean;
  /** Whether it gives the run an earlier state back. */
  isUndo: boolean;
}

/**
 * Carries out what is decided about runs: in the gateway's own database, or in a Prefect server that the gateway is attached to.
 * It is chosen once, in bootstrap.ts.
 */
export interface TransitionExecutor<Services> {
  /** Moves runs, and returns a result for each, in the order of the request. */
  transition(services: Services, request: TransitionRequest): Promise<OrchestrationResult[]>;
  /** Deletes the given runs that still match; returns the ids of the deleted, in the order of the input. */
  deleteFlowRuns(
    services: Services,
    ids: readonly FlowRunId[],
    filter: FlowRunCondition,
  ): Promise<FlowRunId[]>;
  /** Why no run at all can be moved to this state; null: runs can. */
  refusalOfProposal(proposal: StateProposal): string | null;
  /** Why some runs cannot be moved so, by run; those that can are left out. */
  refusalsOf(connection: SqlExecutor, moves: readonly ProposedMove[]): Promise<Map<FlowRunId, string>>;
  /** Why flows, deployments and runs cannot be created or changed; null: they can. */
  readonly refusalOfChanges: string | null;
  /**
   * Checks that plans can be made now.
   *
   * @throws SwitchyardError UNAVAILABLE where they cannot.
   */
  checkPlanning(services: Services): Promise<void>;
  /**
   * Brings the rows of runs up to date, before a plan decides on them.
   *
   * @param findIds is asked for the runs only where rows can be out of date.
   * @returns when they were read, and those that could not be; null where they are always up to date.
   * @throws SwitchyardError UNAVAILABLE where they cannot be read now; CredentialsRefusedError is one.
   */
  refresh(services: Services, findIds: () => Promise<readonly FlowRunId[]>): Promise<RefreshedRuns | null>;
  /** Sends transitions one by one, outside of the ledger's transactions; null where these write them. */
  readonly sender: TransitionSender | null;
  /** The server that the gateway is attached to; null where it stores runs itself. */
  readonly attachedTo: string | null;
  /** Why that server cannot be asked since this process started; null where it can, or none is needed. */
  readonly reasonNotReady: string | null;
  /** How far the mirror of that server is; null where there is none, or it has not begun. */
  readMirror(services: Services): Promise<MirrorState | null>;
  /** Completes the stored histories of runs, before they are read. Where that cannot be done now, it reports so, and what is stored is shown. */
  completeHistories(services: Services, ids: readonly FlowRunId[]): Promise<void>;
}
