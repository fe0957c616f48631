import type { EntitySchema } from 'typeorm';
import { type BulkOperationStatus, endedStatuses } from '../../src/domain/bulkOperationEnums';
import type { BulkOperationId } from '../../src/domain/identifiers';
import {
  BulkOperationBatchEntity,
  BulkOperationEntity,
  BulkOperationItemEntity,
} from '../../src/persistence/entities/bulkOperation';
import { columnList } from '../../src/persistence/entities/columns';
import { FlowRunEntity, policyColumns, runStateColumns } from '../../src/persistence/entities/flowRun';
import { FlowRunStateEntity } from '../../src/persistence/entities/state';
import { findOperation } from '../../src/persistence/operations/operations';
import { runEntities } from '../conformance/filters';
import { type Ask, startGateway, type TestGateway } from '../harness/gateway';
import { until } from '../harness/waiting';

/** The fields of an operation that tests check. */
const fields = `id status pausedFor error
  counts { matched pending accepted rejected aborted waiting skipped }
  outcomes { status code count sample { id } }`;

export interface Operation {
  id: string;
  status: BulkOperationStatus;
  pausedFor: string | null;
  error: string | null;
  counts: Record<'matched' | 'pending' | 'accepted' | 'rejected' | 'aborted' | 'waiting' | 'skipped', number>;
  outcomes: { status: string; code: string | null; count: number; sample: { id: string }[] }[];
}

export interface Item {
  flowRunId: string;
  status: string;
  code: string | null;
  reason: string | null;
  position: number | null;
  cursor: string | null;
  attempts: number;
  planned: { status: string; code: string | null } | null;
  state: { type: string; name: string; message: string | null } | null;
  previousState: { type: string } | null;
}

interface Refused {
  code: string;
  message: string;
  matched: number | null;
}

type Result = { __typename: string } & Partial<Operation> & Partial<Refused>;

/** An input of an operation, its reason left out. */
export type Input = Record<string, unknown>;

const itemFields = `flowRunId status code reason position cursor attempts
  planned { status code } state { type name message } previousState { type }`;

/** A gateway with a worker, and what tests of bulk operations ask of it. */
export interface OperationGateway extends TestGateway {
  /** Deletes all runs and operations. */
  clear(): Promise<void>;
  /** Creates runs, and returns their ids, newest first. */
  createRuns(
    count: number,
    state: Record<string, unknown> | null,
    more?: Record<string, unknown>,
  ): Promise<string[]>;
  /** Creates runs of the flow in one call, each with fields of its own, and returns their ids, newest first. */
  createEach(runs: readonly Record<string, unknown>[]): Promise<string[]>;
  createDeployment(settings?: Record<string, unknown>): Promise<string>;
  /** Calls a mutation about an operation; returns the operation or the refusal. */
  call(mutation: string, variables?: Record<string, [type: string, value: unknown]>): Promise<Result>;
  start(input: Input): Promise<string>;
  plan(input: Input): Promise<string>;
  startPlanned(id: string): Promise<string>;
  undo(id: string): Promise<string>;
  operation(id: string): Promise<Operation>;
  /** Waits until an operation is in a status; fails where it ends in another. */
  becomes(id: string, status: string): Promise<Operation>;
  /** Waits until an operation has ended. */
  ended(id: string): Promise<Operation>;
  /** All items, in the order in which they are taken. */
  items(id: string): Promise<Item[]>;
  /** How many runs are in each type of state. */
  stateTypes(): Promise<Record<string, number>>;
  /**
   * The columns of every run that follow its state, except for the state's own id and time, and for the note that an undo adds to
   * its message.
   */
  runColumns(): Promise<({ id: string } & Record<string, unknown>)[]>;
}

const notesOfUndos = / ?\(?restored by bulk operation [\w-]+, which undoes [\w-]+\)?/g;

/** A message without the notes of undos. */
export const withoutNotes = (message: string | null): string | null =>
  message?.replaceAll(notesOfUndos, '') || null;

/**
 * Starts a gateway with a worker on a database.
 *
 * @param headers what every request carries, such as a key.
 */
export async function startOperationGateway(
  databaseUrl: string,
  settings: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<OperationGateway> {
  const gateway = await startGateway(databaseUrl, settings);
  const { services } = gateway;
  const ask: Ask = (query, variables, more) => gateway.ask(query, variables, { ...headers, ...more });
  let flowId = '';

  async function call(
    mutation: string,
    variables: Record<string, [type: string, value: unknown]> = {},
  ): Promise<Result> {
    const declared = Object.entries(variables).map(([name, [type]]) => `$${name}: ${type}`);
    const passed = Object.keys(variables).map(name => `${name}: $${name}`);
    const answer = await ask<{ result: Result }>(
      `mutation (${declared.join(', ')}) { result: ${mutation}(${passed.join(', ')}) {
        __typename ... on BulkOperation { ${fields} } ... on BulkOperationRefused { code message matched } } }`,
      Object.fromEntries(Object.entries(variables).map(([name, [, value]]) => [name, value])),
    );
    return answer.result;
  }

  async function made(mutation: string, variables: Record<string, [type: string, value: unknown]>) {
    const result = await call(mutation, variables);
    if (result.id === undefined) throw new Error(`${mutation} was refused: ${JSON.stringify(result)}`);
    return result.id;
  }

  async function operation(id: string): Promise<Operation> {
    const answer = await ask<{ bulkOperation: Operation }>(
      `query ($id: ID!) { bulkOperation(id: $id) { ${fields} } }`,
      { id },
    );
    return answer.bulkOperation;
  }

  async function createEach(runs: readonly Record<string, unknown>[]): Promise<string[]> {
    const answer = await ask<{ createFlowRuns: { results: { flowRun: { id: string } }[] } }>(
      'mutation ($input: [CreateFlowRunInput!]!) { createFlowRuns(input: $input) { results { flowRun { id } } } }',
      { input: runs.map(run => ({ flowId, ...run })) },
    );
    return answer.createFlowRuns.results.map(({ flowRun }) => flowRun.id).reverse();
  }

  /** Reads it past the gateway: to send a request for each look takes more of the processor than most operations. */
  const statusOf = async (id: string): Promise<BulkOperationStatus | undefined> =>
    (await findOperation(services.database.primary, id as BulkOperationId))?.status;

  async function whenIt(id: string, holds: (status: BulkOperationStatus) => boolean): Promise<Operation> {
    let status: BulkOperationStatus | undefined;
    await until(
      async () => {
        status = await statusOf(id);
        if (status === undefined) throw new Error(`there is no operation ${id}`);
        if (holds(status)) return true;
        if (endedStatuses.includes(status))
          throw new Error(`it ended: ${JSON.stringify(await operation(id))}`);
        return false;
      },
      () => status,
    );
    return operation(id);
  }

  return {
    ...gateway,
    ask,
    async clear() {
      const operationEntities = [BulkOperationItemEntity, BulkOperationBatchEntity, BulkOperationEntity];
      for (const entity of [...operationEntities, ...runEntities] as EntitySchema[])
        await services.database.writer.getRepository(entity).deleteAll();
      const answer = await ask<{ createFlow: { id: string } }>(
        'mutation { createFlow(input: { name: "flow" }) { id } }',
      );
      flowId = answer.createFlow.id;
    },
    createRuns: (count, state, more = {}) =>
      createEach(Array.from({ length: count }, () => ({ state, ...more }))),
    createEach,
    async createDeployment(settings = {}) {
      const answer = await ask<{ createDeployment: { id: string } }>(
        'mutation ($input: CreateDeploymentInput!) { createDeployment(input: $input) { id } }',
        { input: { flowId, name: 'deployment', ...settings } },
      );
      return answer.createDeployment.id;
    },
    call,
    start: input =>
      made('startBulkOperation', { input: ['BulkOperationInput!', { reason: 'a test', ...input }] }),
    plan: input =>
      made('planBulkOperation', { input: ['BulkOperationInput!', { reason: 'a test', ...input }] }),
    startPlanned: id => made('startPlannedBulkOperation', { id: ['ID!', id] }),
    undo: id => made('undoBulkOperation', { id: ['ID!', id], reason: ['String!', 'a mistake'] }),
    operation,
    becomes: (id, status) => whenIt(id, found => found === status),
    ended: id => whenIt(id, found => endedStatuses.includes(found)),
    async items(id) {
      const found: Item[] = [];
      let after: string | null = null;
      for (;;) {
        const answer: {
          bulkOperation: { items: { nodes: Item[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
        } = await ask(
          `query ($id: ID!, $after: String) { bulkOperation(id: $id) { items(first: 200, after: $after) {
            nodes { ${itemFields} } pageInfo { hasNextPage endCursor } } } }`,
          { id, after },
        );
        const { nodes, pageInfo } = answer.bulkOperation.items;
        found.push(...nodes);
        if (!pageInfo.hasNextPage) return found;
        after = pageInfo.endCursor;
      }
    },
    async stateTypes() {
      const answer = await ask<{ flowRunStateCounts: { stateType: string; count: number }[] }>(
        '{ flowRunStateCounts { stateType count } }',
      );
      return Object.fromEntries(answer.flowRunStateCounts.map(({ stateType, count }) => [stateType, count]));
    },
    async runColumns() {
      const { stateId: _id, stateTimestamp: _timestamp, ...stateColumns } = runStateColumns;
      const { message, data, stateDetails } = FlowRunStateEntity.columns;
      const rows = await services.database.writer
        .createQueryBuilder(FlowRunEntity, 'run')
        .select(columnList('run', { id: FlowRunEntity.columns.id, ...stateColumns, ...policyColumns }))
        .addSelect(columnList('state', { message, data, stateDetails }))
        .leftJoin(FlowRunStateEntity.tableName, 'state', 'state.id = run.stateId')
        .orderBy('run.id')
        .getRawMany<{ id: string; message: string | null }>();
      return rows.map(row => ({ ...row, message: withoutNotes(row.message) }));
    },
  };
}
