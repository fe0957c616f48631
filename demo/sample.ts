import { v7 } from 'uuid';
import type { DeploymentId, FlowId } from '../src/domain/identifiers';
import { addSeconds, type Instant } from '../src/domain/instant';
import type { StateProposal } from '../src/domain/state';
import { createFlowRuns, type FlowRunRequest } from '../src/flowRuns/createFlowRuns';
import { createDeployment, createFlow } from '../src/flowRuns/flowsAndDeployments';
import type { Services } from '../src/transitions/services';
import { createNumbers, pick } from './random';

/** How many runs the sample has. */
export const sampleSize = 4000;

const seed = 20261123;
const secondsBetweenRuns = 18;

const deployments = [
  { flow: 'ingest-orders', name: 'production', queue: 'default', concurrencyLimit: null },
  { flow: 'ingest-orders', name: 'backfill', queue: 'batch', concurrencyLimit: 4 },
  { flow: 'ingest-events', name: 'production', queue: 'default', concurrencyLimit: null },
  { flow: 'build-warehouse', name: 'nightly', queue: 'batch', concurrencyLimit: 2 },
  { flow: 'train-ranking', name: 'weekly', queue: 'gpu', concurrencyLimit: 1 },
  { flow: 'export-reports', name: 'production', queue: 'default', concurrencyLimit: null },
] as const;

const result = { type: 'reference', storage_key: 'results/summary.json' };

const states: readonly (readonly [Omit<StateProposal, 'stateDetails'>, number])[] = [
  [{ type: 'COMPLETED', data: result }, 26],
  [{ type: 'COMPLETED' }, 14],
  [{ type: 'FAILED', message: 'The warehouse closed the connection.' }, 20],
  [{ type: 'FAILED', name: 'TimedOut', message: 'The run took longer than 3600 s.' }, 4],
  [{ type: 'CRASHED', message: 'The container ran out of memory.' }, 5],
  [{ type: 'CANCELLED' }, 5],
  [{ type: 'SCHEDULED' }, 10],
  [{ type: 'SCHEDULED', name: 'Late' }, 5],
  [{ type: 'PENDING' }, 3],
  [{ type: 'RUNNING' }, 5],
  [{ type: 'PAUSED' }, 2],
  [{ type: 'CANCELLING' }, 1],
];

const tags = [
  ['nightly', 4],
  ['orders', 3],
  ['eu', 2],
  ['us', 2],
  ['backfill', 1],
] as const;

/**
 * Fills an empty database with a believable night: flows, deployments, and thousands of runs in all states. Always the
 * same one but for its time, which ends now.
 */
export async function fillWithSample(services: Services): Promise<void> {
  const random = createNumbers(seed);
  const end = services.clock();
  let now: Instant = addSeconds(end, -sampleSize * secondsBetweenRuns);
  const past: Services = {
    ...services,
    clock: () => now,
    newId: () =>
      v7({
        msecs: Date.parse(`${now.slice(0, 23)}Z`),
        random: Uint8Array.from({ length: 16 }, () => random() * 256),
      }),
  };
  const made: { flowId: FlowId; deploymentId: DeploymentId; queue: string }[] = [];
  for (const { flow: flowName, name, queue, concurrencyLimit } of deployments) {
    const { flow } = await createFlow(past, flowName);
    const settings = { concurrencyLimit, collisionStrategy: 'ENQUEUE', gracePeriodSeconds: null } as const;
    const { deployment } = await createDeployment(past, { flowId: flow.id, name, ...settings });
    made.push({ flowId: flow.id, deploymentId: deployment.id, queue });
  }

  const requestAt = (): FlowRunRequest => {
    const from = pick(
      random,
      made.map(deployment => [deployment, 1] as const),
    );
    const state = pick(random, states);
    const isScheduled = state.type === 'SCHEDULED';
    const offset = state.name === 'Late' ? -900 : 600 + Math.floor(random() * 7200);
    return {
      id: null,
      flowId: from.flowId,
      deploymentId: random() < 0.9 ? from.deploymentId : null,
      name: null,
      tags: [...new Set([pick(random, tags), ...(random() < 0.5 ? [pick(random, tags)] : [])])],
      workQueueName: from.queue,
      flowVersion: random() < 0.8 ? '2.4.1' : '2.4.0',
      parameters: { partition: Math.floor(random() * 500) },
      idempotencyKey: null,
      parentTaskRunId: null,
      infrastructurePid: null,
      createdBy: { id: null, type: 'DEPLOYMENT', displayValue: 'schedule' },
      policy: {
        retries: random() < 0.3 ? 2 : null,
        retryDelay: null,
        pauseKeys: [],
        resuming: false,
        retryType: null,
      },
      state: { ...state, stateDetails: isScheduled ? { scheduledTime: addSeconds(end, offset) } : {} },
    };
  };
  for (let done = 0; done < sampleSize; done += 50) {
    now = addSeconds(end, -(sampleSize - done) * secondsBetweenRuns);
    await createFlowRuns(past, Array.from({ length: 50 }, requestAt), {
      actor: 'demo',
      bulkOperationId: null,
    });
  }
}
