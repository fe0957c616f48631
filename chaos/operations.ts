import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../bench/support/random';
import { type BulkOperationStatus, endedStatuses } from '../src/domain/bulkOperationEnums';
import type { Calls } from './calls';

/** An operation as the chaos looks at it. */
export interface SeenOperation {
  id: string;
  status: BulkOperationStatus;
}

type Variables = Record<string, [type: string, value: unknown]>;

/** Starts and changes operations; each call is repeated until it has a response. */
export interface Operations {
  /** Starts an operation; returns its id, or null if it was rejected. */
  start(input: Record<string, unknown>): Promise<string | null>;
  plan(input: Record<string, unknown>): Promise<string | null>;
  undo(id: string): Promise<string | null>;
  retry(id: string): Promise<string | null>;
  /** What may be refused, as where the first answer of a call was lost. */
  steer(mutation: 'pause' | 'resume' | 'cancel' | 'startPlanned', id: string): Promise<void>;
  /** Waits until an operation is in one of these statuses, or has ended. */
  until(id: string, ...statuses: BulkOperationStatus[]): Promise<SeenOperation>;
  /** Waits until an operation has ended. */
  ended(id: string): Promise<SeenOperation>;
}

const lookMilliseconds = 100;

/** Operations through calls; reports each one created. */
export function createOperations(
  { ask }: Pick<Calls, 'ask'>,
  random: Random,
  onMade: (id: string) => void,
): Operations {
  async function call(mutation: string, variables: Variables): Promise<string | null> {
    const declared = Object.entries(variables).map(([name, [type]]) => `$${name}: ${type}`);
    const passed = Object.keys(variables).map(name => `${name}: $${name}`);
    const { result } = await ask<{ result: { id?: string } }>(
      `mutation (${declared.join(', ')}) { result: ${mutation}(${passed.join(', ')}) {
        ... on BulkOperation { id } ... on BulkOperationRefused { code } } }`,
      Object.fromEntries(Object.entries(variables).map(([name, [, value]]) => [name, value])),
    );
    return result.id ?? null;
  }

  async function make(mutation: string, variables: Variables): Promise<string | null> {
    const id = await call(mutation, variables);
    if (id !== null) onMade(id);
    return id;
  }

  // The response may be lost although the operation was created: the same key finds it again.
  const newKey = () => random.id(Date.now());
  const fromInput = (mutation: string, input: Record<string, unknown>) =>
    make(mutation, {
      input: ['BulkOperationInput!', { reason: 'chaos', idempotencyKey: newKey(), ...input }],
    });
  const fromOperation = (mutation: string, id: string) =>
    make(mutation, {
      id: ['ID!', id],
      reason: ['String!', 'chaos'],
      idempotencyKey: ['String', newKey()],
    });

  async function until(id: string, ...statuses: BulkOperationStatus[]): Promise<SeenOperation> {
    for (;;) {
      const { bulkOperation } = await ask<{ bulkOperation: SeenOperation }>(
        'query ($id: ID!) { bulkOperation(id: $id) { id status } }',
        { id },
      );
      if ([...statuses, ...endedStatuses].includes(bulkOperation.status)) return bulkOperation;
      await sleep(lookMilliseconds);
    }
  }

  return {
    start: input => fromInput('startBulkOperation', input),
    plan: input => fromInput('planBulkOperation', input),
    undo: id => fromOperation('undoBulkOperation', id),
    retry: id => fromOperation('retryBulkOperation', id),
    async steer(mutation, id) {
      await call(`${mutation}BulkOperation`, { id: ['ID!', id] });
    },
    until,
    ended: id => until(id),
  };
}
