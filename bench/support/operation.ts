import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BulkOperationStatus, endedStatuses } from '../../src/domain/bulkOperationEnums';
import { send } from './process';

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string }[];
}

/** An operation as a benchmark sees it. */
export interface OperationState {
  id: string;
  status: BulkOperationStatus;
  counts: { matched: number; pending: number; accepted: number };
}

/** Calls the bulk operations of a gateway. */
export interface Operator {
  start(input: Record<string, unknown>): Promise<string>;
  plan(input: Record<string, unknown>): Promise<string>;
  find(id: string): Promise<OperationState>;
  /** Waits until an operation is in one of these statuses; reports every poll. */
  until(
    id: string,
    statuses: readonly BulkOperationStatus[],
    look?: (state: OperationState) => void,
  ): Promise<OperationState>;
  close(): void;
}

const lookMilliseconds = 50;

/** An operator at a gateway on this machine. */
export function createOperator(port: number): Operator {
  // A connection that is kept may be closed by the other side while the floor has its turn.
  const agent = new Agent({ keepAlive: false });
  async function ask<Data>(query: string, variables: unknown): Promise<Data> {
    const { data, errors } = await send<Answer<Data>>(agent, port, '/graphql', { query, variables });
    if (errors || !data) throw new Error(JSON.stringify(errors));
    return data;
  }
  const make = async (mutation: string, input: Record<string, unknown>): Promise<string> => {
    const { made } = await ask<{ made: { id?: string } }>(
      `mutation ($input: BulkOperationInput!) { made: ${mutation}(input: $input) {
        ... on BulkOperation { id } ... on BulkOperationRefused { code message } } }`,
      { input: { reason: 'A benchmark.', ...input } },
    );
    if (made.id === undefined) throw new Error(`${mutation} was refused: ${JSON.stringify(made)}`);
    return made.id;
  };
  const find = async (id: string): Promise<OperationState> => {
    const { bulkOperation } = await ask<{ bulkOperation: OperationState }>(
      'query ($id: ID!) { bulkOperation(id: $id) { id status counts { matched pending accepted } } }',
      { id },
    );
    return bulkOperation;
  };
  return {
    start: input => make('startBulkOperation', input),
    plan: input => make('planBulkOperation', input),
    find,
    async until(id, statuses, look = () => undefined) {
      for (;;) {
        const state = await find(id);
        look(state);
        if (statuses.includes(state.status)) return state;
        if (endedStatuses.includes(state.status))
          throw new Error(`the operation ended: ${JSON.stringify(state)}`);
        await sleep(lookMilliseconds);
      }
    },
    close: () => agent.destroy(),
  };
}
