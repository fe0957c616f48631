import { type Ask } from '../test/harness/gateway';
import { seedingThrough } from '../test/harness/seeding';
import type { Known } from './known';

const runs = 60;
const tags = ['fuzz', 'nightly', 'Ä', '100%'] as const;

const move = `mutation ($input: BulkSetFlowRunStateInput!) {
  bulkSetFlowRunState(input: $input) { results { status } } }`;

/** The states that the runs are moved to, by their last tag. */
const moves: readonly (readonly [tag: string, types: readonly string[]])[] = [
  ['move-0', ['PENDING', 'RUNNING']],
  ['move-1', ['PENDING', 'RUNNING', 'COMPLETED']],
  ['move-2', ['PENDING', 'RUNNING', 'PAUSED']],
  ['move-3', ['RUNNING', 'FAILED']],
  ['move-4', ['RUNNING', 'CANCELLING']],
];

const operations = `mutation ($run: BulkOperationInput!, $plan: BulkOperationInput!) {
  run: startBulkOperation(input: $run) { ... on BulkOperation { id } }
  plan: planBulkOperation(input: $plan) { ... on BulkOperation { id } }
}`;

const look = `query ($run: ID!) {
  byId: flowRuns(first: 40) {
    pageInfo { endCursor }
    nodes { id name states(first: 2) { pageInfo { endCursor } nodes { id stateDetails { deploymentConcurrencyLeaseId } } } }
  }
  byName: flowRuns(first: 3, sort: NAME_ASC) { pageInfo { endCursor } }
  byStart: flowRuns(first: 3, sort: START_TIME_DESC) { pageInfo { endCursor } }
  bulkOperations(first: 2) { pageInfo { endCursor } }
  bulkOperation(id: $run) { items(first: 2) { pageInfo { endCursor } nodes { cursor } } }
}`;

interface Page {
  readonly pageInfo: { readonly endCursor: string | null };
}
interface Looked {
  readonly byId: Page & {
    readonly nodes: readonly {
      readonly id: string;
      readonly name: string;
      readonly states: Page & {
        readonly nodes: readonly {
          readonly id: string;
          readonly stateDetails: { readonly deploymentConcurrencyLeaseId: string | null };
        }[];
      };
    }[];
  };
  readonly byName: Page;
  readonly byStart: Page;
  readonly bulkOperations: Page;
  readonly bulkOperation: {
    readonly items: Page & { readonly nodes: readonly { readonly cursor: string | null }[] };
  };
}

const present = (values: readonly (string | null | undefined)[]): string[] =>
  values.filter(value => typeof value === 'string');

/**
 * Makes runs in states of several types, with deployments, subflows, leases and bulk operations, and returns what calls can
 * refer to.
 */
export async function populate(ask: Ask, round: number, settle: () => Promise<void>): Promise<Known> {
  const seeding = seedingThrough(ask);
  const flowId = await seeding.createFlow('fuzz');
  const deploymentIds = await Promise.all(
    [null, 20].map(concurrencyLimit =>
      seeding.createDeployment({ flowId, name: `limit ${concurrencyLimit}`, concurrencyLimit }),
    ),
  );
  const [parent = ''] = await seeding.createFlowRuns([{ flowId, tags: ['parent'] }]);
  const taskRun = await seeding.createTaskRuns(Array.from({ length: 5 }, () => ({ flowRunId: parent })));
  const flowRun = await seeding.createFlowRuns(
    Array.from({ length: runs }, (_, index) => ({
      flowId,
      deploymentId: deploymentIds[index % 3],
      parentTaskRunId: taskRun[index],
      name: `run ${index % 7}`,
      tags: [tags[index % 4], `move-${index % 6}`, `round-${round}`],
      idempotencyKey: index % 5 === 0 ? `key ${round} ${index}` : null,
      parameters: { index, inner: { list: [1, 'two', null] } },
      state: { type: 'SCHEDULED' },
    })),
  );
  for (const [tag, types] of moves)
    for (const type of types)
      await ask(
        move,
        { input: { state: { type }, flowRuns: { tags: { all: [tag, `round-${round}`] } } } },
        { 'user-agent': 'prefect/3.8.8' },
      );
  const input = { flowRuns: { tags: { all: [`round-${round}`, 'nightly'] } }, reason: 'fuzz' };
  const made = await ask<{ run: { id: string }; plan: { id: string } }>(operations, {
    run: { ...input, state: { type: 'CANCELLED' } },
    plan: { ...input, state: { type: 'SCHEDULED' } },
  });
  await settle();
  const looked = await ask<Looked>(look, { run: made.run.id });
  const states = looked.byId.nodes.flatMap(node => node.states.nodes);
  const items = looked.bulkOperation.items;
  return {
    ids: {
      flow: [flowId],
      deployment: deploymentIds,
      flowRun: [parent, ...flowRun],
      state: states.map(({ id }) => id),
      taskRun,
      lease: present(states.map(({ stateDetails }) => stateDetails.deploymentConcurrencyLeaseId)),
      operation: [made.run.id, made.plan.id],
    },
    cursors: present([
      ...[looked.byId, looked.byName, looked.byStart, looked.bulkOperations, items].map(
        ({ pageInfo }) => pageInfo.endCursor,
      ),
      ...looked.byId.nodes.map(({ states: { pageInfo } }) => pageInfo.endCursor).slice(0, 2),
      ...items.nodes.map(({ cursor }) => cursor),
    ]),
    texts: [
      ...tags,
      'parent',
      'fuzz',
      'run 1',
      'RUN 2',
      'Running',
      'Scheduled',
      'Late',
      'limit null',
      `key ${round} 5`,
    ],
  };
}
