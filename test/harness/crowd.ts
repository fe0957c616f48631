import type { Ask } from './gateway';
import type { Seeding } from './seeding';

/** Runs that many clients move at once: some share slots, some stand for subflows, each is found by several filters. */
export interface Crowd {
  flowRunIds: string[];
  deploymentIds: string[];
}

const tags = ['crowd', 'second', 'third', 'fifth'] as const;
const tagsOf = (index: number): string[] => [
  'crowd',
  ...(index % 2 === 0 ? ['second'] : []),
  ...(index % 3 === 0 ? ['third'] : []),
  ...(index % 5 === 0 ? ['fifth'] : []),
];

/** Creates a crowd of this number of runs. */
export async function createCrowd(seeding: Seeding, size: number): Promise<Crowd> {
  const flowId = await seeding.createFlow('crowd');
  const deploymentIds: string[] = [];
  for (const concurrencyLimit of [3, 10, null]) {
    const input = { flowId, name: `limit ${concurrencyLimit}`, concurrencyLimit };
    deploymentIds.push(await seeding.createDeployment(input));
  }
  const [parent = ''] = await seeding.createFlowRuns([{ flowId }]);
  const taskRunIds = await seeding.createTaskRuns(
    Array.from({ length: Math.ceil(size / 4) }, () => ({ flowRunId: parent })),
  );
  const flowRunIds = await seeding.createFlowRuns(
    Array.from({ length: size }, (_, index) => ({
      flowId,
      deploymentId: deploymentIds[index % 4] ?? null,
      parentTaskRunId: index % 4 === 0 ? taskRunIds[index / 4] : null,
      tags: tagsOf(index),
      state: { type: 'SCHEDULED' },
    })),
  );
  return { flowRunIds, deploymentIds };
}

const types = [
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'CANCELLING',
  'FAILED',
  'CANCELLED',
  'PAUSED',
] as const;

/** What a run must be in to be moved there: a run that starts or is cancelled without having been pending holds no slot. */
const only: Readonly<Record<string, readonly string[]>> = {
  RUNNING: ['PENDING'],
  CANCELLING: ['PENDING', 'RUNNING'],
};

/** What was decided about one run. */
export interface Deed {
  status: string;
  code: string | null;
}

const setState = `mutation ($input: BulkSetFlowRunStateInput!) {
  bulkSetFlowRunState(input: $input) {
    results { status details {
      ... on StateRejectDetails { code } ... on StateAbortDetails { code } ... on StateWaitDetails { code }
    } }
  }
}`;

/** One call of a client, by its number: moves some of the crowd, by a filter that overlaps those of the others. */
export async function moveSome(ask: Ask, client: number, call: number): Promise<Deed[]> {
  const type = types[(3 * client + call) % types.length] ?? 'PENDING';
  const { bulkSetFlowRunState } = await ask<{
    bulkSetFlowRunState: { results: { status: string; details: { code?: string } }[] };
  }>(
    setState,
    {
      input: {
        state: { type },
        flowRuns: {
          tags: { any: [tags[(client + call) % tags.length]] },
          ...(only[type] && { state: { type: { any: only[type] } } }),
        },
        limit: 50 - ((7 * client + 11 * call) % 40),
      },
    },
    // A client that renews no leases would have those of its runs taken away.
    { 'user-agent': 'prefect/3.8.8' },
  );
  return bulkSetFlowRunState.results.map(({ status, details }) => ({ status, code: details.code ?? null }));
}
