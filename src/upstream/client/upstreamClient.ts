import type { Extras } from '../../domain/extras';
import type { Deployment, Flow, FlowRun, TaskRun } from '../../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Json } from '../../domain/json';
import type { PlannedFrom } from '../../domain/sending';
import type { State, StateProposal, StateType } from '../../domain/state';
import type { UnreadableRuns } from './unreadableRuns';

/** A run as the server has it. The authors of its states are unknown there: null. */
export interface UpstreamFlowRun {
  flowRun: FlowRun;
  state: State | null;
  /** Fields that nothing here decides by, under their names on the wire. */
  extras: Extras;
}

/** A run of the server that could not be read. */
interface UnreadableRun {
  /** null: the server fails on it, and does not show which one it is. */
  id: FlowRunId | null;
  /** null: it is not known either. */
  expectedStartTime: Instant | null;
  /** What is wrong with it: the first field that is, without its value, or how the server fails. */
  detail: string;
}

/** Runs as the server returned them. */
export interface FlowRunPage {
  rows: UpstreamFlowRun[];
  unreadable: UnreadableRun[];
  /** How many runs it had, the unreadable ones included. */
  count: number;
  /** When the last of it had arrived, by `performance.now()`: the server has nothing more to do for it. */
  received: number;
  /** How long the responses were: how much memory it takes. */
  characters: number;
}

/** A task run that stands for a subflow. */
export interface UpstreamTaskRun {
  taskRun: TaskRun;
  state: State | null;
}

/** A deployment, with what the server says of its concurrency limit. */
export interface UpstreamDeployment extends Deployment {
  /** False where the limit is switched off: the server then refuses each PENDING, and fails where a run leaves RUNNING. */
  isLimitActive: boolean;
}

/** Rows of what runs belong to. */
export interface ReadRows<Row, Id> {
  rows: Row[];
  /** Those that exist and are not as the API promises: their copies stay as they are. */
  unreadable: Id[];
}

/** A filter in the words of the server's own API; `{}` for all. Built by this program only. */
export type UpstreamFilter = { readonly [key: string]: Json };

/** A page of runs. */
export interface UpstreamFlowRunQuery {
  filter: UpstreamFilter;
  sort: 'EXPECTED_START_TIME_ASC' | 'ID_DESC';
  /** 1 to 200. */
  limit: number;
  /** How many are left out before; absent: none. */
  offset?: number;
}

/** A run, and what identifies the state that it must still be in for a transition to happen. */
export interface Guard extends PlannedFrom {
  flowRunId: FlowRunId;
}

/** One guarded transition of one run. */
export interface GuardedCall {
  guard: Guard;
  /** A UUID; it is put into the details of the state, so that the history shows whether the call was carried out. */
  transitionId: string;
  proposal: StateProposal;
  /** Whether the minimal policy of the server decides. */
  force: boolean;
}

/** What the server returned about one run. A verdict without a state says nothing about what happened. */
export interface GuardedResult {
  status: 'ACCEPT' | 'REJECT' | 'ABORT' | 'WAIT';
  state: State | null;
  reason: string | null;
  delaySeconds: number | null;
}

/** An event of the server's stream: it says only that this run may have changed. */
export interface UpstreamEvent {
  id: string;
  /** Such as `prefect.flow-run.Pending`. */
  event: string;
  occurred: Instant;
  /** The run that it is about; null for all other events. */
  flowRunId: FlowRunId | null;
  /** The state that the event reports; null for events that report none. */
  stateId: StateId | null;
}

/**
 * The calls of the server's API that this program needs. All fail with `UpstreamError`, or with the reason of their signal
 * where that is aborted. Reads are repeated by themselves where the server is busy or a connection breaks; writes never are.
 */
export interface UpstreamClient {
  /** The address, without credentials. */
  readonly address: string;
  /** The version of the server, such as `3.8.8`. */
  readVersion(signal?: AbortSignal): Promise<string>;
  /** Whether a response is arriving now, which takes several turns of the event loop where it is a page. */
  isReceiving(): boolean;
  /** The runs that could not be read so far. */
  readonly unreadable: UnreadableRuns;
  /** Runs that the server fails on are passed over. */
  findFlowRuns(query: UpstreamFlowRunQuery, signal?: AbortSignal): Promise<FlowRunPage>;
  /** Any number of ids, 200 a request. Runs that do not exist are left out; it fails where the server fails on one of them. */
  findFlowRunsByIds(ids: readonly FlowRunId[], signal?: AbortSignal): Promise<FlowRunPage>;
  countFlowRuns(filter: UpstreamFilter, signal?: AbortSignal): Promise<number>;
  /** The states of one run, oldest first; null where the run does not exist. */
  findStates(id: FlowRunId, signal?: AbortSignal): Promise<State[] | null>;
  /** Those of these flows that exist, 200 a request; or a page of at most 200, by name. */
  findFlows(
    page: { ids: readonly FlowId[] } | { offset: number },
    signal?: AbortSignal,
  ): Promise<ReadRows<Flow, FlowId>>;
  /** Those of these deployments that exist, 200 a request; or a page of at most 200, by name. */
  findDeployments(
    page: { ids: readonly DeploymentId[] } | { offset: number },
    signal?: AbortSignal,
  ): Promise<ReadRows<UpstreamDeployment, DeploymentId>>;
  /** Any number of ids, 200 a request. Task runs that do not exist are left out. */
  findTaskRuns(
    ids: readonly TaskRunId[],
    signal?: AbortSignal,
  ): Promise<ReadRows<UpstreamTaskRun, TaskRunId>>;
  /** Counts by state name in intervals of the expected start time: a checksum of many runs. */
  countByInterval(
    range: { from: Instant; to: Instant; seconds: number },
    signal?: AbortSignal,
  ): Promise<{ from: Instant; states: { type: StateType; name: string; count: number }[] }[]>;
  /** Proposes a state for one run if it is still in the guard's state; null where it is not, or does not exist. */
  setGuardedState(call: GuardedCall, signal?: AbortSignal): Promise<GuardedResult | null>;
  /** Deletes one run; false where it does not exist. */
  deleteFlowRun(id: FlowRunId, signal?: AbortSignal): Promise<boolean>;
  /** Sends an event of this program's own with a UUID as its id, which comes back through the stream. */
  sendProbe(id: string, signal?: AbortSignal): Promise<void>;
  /** The stored events about runs between two times, oldest first, in pages of at most 50. */
  findEvents(
    range: { from: Instant; to: Instant },
    signal?: AbortSignal,
  ): AsyncGenerator<UpstreamEvent[], void>;
  /**
   * The live events about runs, and this program's probes, until the connection ends or the signal is aborted. Those stored
   * since a time come first.
   *
   * @throws UpstreamError where no connection comes about, or where the reader falls too far behind.
   */
  watchEvents(since: Instant, signal: AbortSignal): AsyncGenerator<UpstreamEvent, void>;
  /** Ends open connections. No call may be in progress. */
  close(): Promise<void>;
}
