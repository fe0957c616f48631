import { SwitchyardError, unavailable } from '../../domain/errors';
import type { FlowRunId } from '../../domain/identifiers';
import type { MirrorState } from '../../domain/mirror';
import { findMatchingAmong } from '../../persistence/flowRuns/matchingFlowRuns';
import type { Services } from '../../transitions/services';
import type { TransitionExecutor } from '../../transitions/transitionExecutor';
import type { TransitionSender, UnreadRuns } from '../../transitions/transitionSender';
import type { UpstreamClient } from '../client/upstreamClient';
import type { ServerReach } from '../reachServer';
import { toClientError } from '../toClientError';
import { moveThroughServer } from './moveThroughServer';
import { findRefusals, reasonNotToPlan, refusalOfProposal } from './refusals';

/** What the executor needs of the mirror. */
export interface MirrorAccess {
  /** Reads these runs again, and deletes those that are gone; returns those with which that is not possible. */
  refresh(ids: readonly FlowRunId[]): Promise<UnreadRuns>;
  /** Reads all deployments with limits again. */
  refreshDeployments(): Promise<void>;
  /** Stores the histories of these runs. */
  completeHistories(ids: readonly FlowRunId[]): Promise<void>;
  /** Deletes the copies of runs that are gone. */
  forget(ids: readonly FlowRunId[]): Promise<void>;
  read(): Promise<MirrorState | null>;
}

/** What the executor needs. */
interface UpstreamExecutorOptions {
  client: UpstreamClient;
  sender: TransitionSender;
  mirror: MirrorAccess;
  /** Milliseconds after which a call reports what it does not know as unknown. */
  callMilliseconds: number;
  reach: Pick<ServerReach, 'support' | 'problem'>;
}

const refusalOfChanges =
  'The gateway is attached to a Prefect server: create and change flows, deployments and runs there.';

/** Deletes runs one by one in the server, and then their copies. */
async function deleteFlowRuns(
  { reportUnavailable }: Services,
  { client, mirror }: UpstreamExecutorOptions,
  ids: readonly FlowRunId[],
): Promise<FlowRunId[]> {
  const deleted: FlowRunId[] = [];
  const gone: FlowRunId[] = [];
  try {
    for (const id of ids) {
      if (await client.deleteFlowRun(id)) deleted.push(id);
      gone.push(id);
    }
  } catch (error) {
    const written = `${deleted.length} of ${ids.length} runs were deleted, and the next one may have been.`;
    throw toClientError(error, written);
  } finally {
    await mirror
      .forget(gone)
      .catch((error: unknown) => reportUnavailable('the mirror shows deleted runs for longer', error));
  }
  return deleted;
}

/** Makes what carries out transitions, deletions and plans in the Prefect server that the gateway is attached to. */
export function createUpstreamExecutor(options: UpstreamExecutorOptions): TransitionExecutor<Services> {
  const { client, sender, mirror, callMilliseconds, reach } = options;
  const refusalOfTransitions = () => (reach.support?.kind === 'readOnly' ? reach.support.reason : null);
  /** The server must have said what it is before anything is asked of it. */
  function checkReached(): void {
    if (reach.problem !== null) throw unavailable(`${reach.problem} Nothing was written by this call.`);
  }
  return {
    attachedTo: client.address,
    sender,
    refusalOfChanges,
    readMirror: () => mirror.read(),
    get reasonNotReady() {
      return reach.problem;
    },
    async transition(services, request) {
      checkReached();
      return moveThroughServer(services, request, { sender, callMilliseconds });
    },
    async deleteFlowRuns(services, ids, filter) {
      checkReached();
      const { database } = services;
      const unread = await mirror.refresh(ids);
      const matching = await findMatchingAmong(database, database.primary, ids, filter);
      return deleteFlowRuns(
        services,
        options,
        // The filter cannot be checked on a row that may be out of date.
        ids.filter(id => matching.has(id) && !unread.has(id)),
      );
    },
    refusalOfProposal: proposal => refusalOfTransitions() ?? refusalOfProposal(proposal),
    refusalsOf: findRefusals,
    async checkPlanning() {
      checkReached();
      const reason = reasonNotToPlan(await mirror.read());
      if (reason !== null) throw unavailable(reason);
    },
    async refresh({ clock }, findIds) {
      const readAt = clock();
      const ids = await findIds();
      if (ids.length === 0) return { readAt, unread: new Map() };
      await mirror.refreshDeployments();
      return { readAt, unread: await mirror.refresh(ids) };
    },
    completeHistories: ({ reportUnavailable }, ids) =>
      mirror.completeHistories(ids).catch((error: unknown) => {
        const seen = toClientError(error);
        if (!(seen instanceof SwitchyardError) || seen.code !== 'UNAVAILABLE') throw error;
        reportUnavailable('histories of runs are shown as they were read last', error);
      }),
  };
}
