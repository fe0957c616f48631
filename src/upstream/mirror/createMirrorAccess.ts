import type { FlowRunId } from '../../domain/identifiers';
import { secondsBetween } from '../../domain/instant';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import { deleteMirroredFlowRuns } from '../../persistence/mirror/deleteMirroredFlowRuns';
import { countMispredicted, findMirror } from '../../persistence/mirror/mirrorState';
import { storeStates } from '../../persistence/mirror/storeStates';
import { slicesOf } from '../../platform/slicesOf';
import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorAccess } from '../executor/createUpstreamExecutor';
import { toClientError } from '../toClientError';
import type { MirrorServices } from './copyFlowRuns';
import { refreshDeployments } from './refreshDeployments';
import { mayBeAboutOne, pageSize, refreshFlowRuns } from './refreshFlowRuns';

/** The mirror, as what carries out transitions uses it. */
interface CountingMirrorAccess extends MirrorAccess {
  /** Counts a transition that the server decided otherwise than the rules here. */
  countMispredicted(): Promise<void>;
}

const statesPerStatement = 200;
/** After how many seconds without a word the process that follows the server counts as gone. */
const leftSeconds = 30;

async function withClientErrors<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw toClientError(error);
  }
}

/** Reads the history of a run and stores it, one run at a time: each is a call of its own. */
async function completeHistory(
  { database }: MirrorServices,
  client: UpstreamClient,
  flowRunId: FlowRunId,
): Promise<void> {
  const history = (await client.findStates(flowRunId)) ?? [];
  for (const states of slicesOf(history, statesPerStatement)) {
    await retryOnDuplicateKey(database, () =>
      database.transaction(connection =>
        storeStates(
          database,
          connection,
          states.map(state => ({ flowRunId, state })),
        ),
      ),
    );
  }
}

/** Gives access to the mirror of a server. All its calls fail with a SwitchyardError UNAVAILABLE where the server is away. */
export function createMirrorAccess(services: MirrorServices, client: UpstreamClient): CountingMirrorAccess {
  const { database, clock } = services;
  return {
    refresh: ids => withClientErrors(refreshFlowRuns(services, client, ids)),
    refreshDeployments: () => withClientErrors(refreshDeployments(services, client)),
    async completeHistories(ids) {
      for (const id of ids)
        await completeHistory(services, client, id).catch((error: unknown) => {
          if (!mayBeAboutOne(error)) throw toClientError(error);
          services.reportUnavailable('the history of a run is shown as it was read last', error);
        });
    },
    async forget(ids) {
      const now = clock();
      for (const part of slicesOf(ids, pageSize))
        await database.transaction(connection =>
          deleteMirroredFlowRuns(database, connection, part, { readAt: now, now }),
        );
    },
    async read() {
      const mirror = await findMirror(database.primary);
      if (mirror === null || mirror.phase !== 'FOLLOWING') return mirror;
      const isLeft = secondsBetween(mirror.updated, clock()) > leftSeconds;
      return isLeft ? { ...mirror, phase: 'BEHIND' } : mirror;
    },
    countMispredicted: () => countMispredicted(database.writer, 1),
  };
}
