import type { Request } from './client';
import { CommandError, exitCodes } from './errors';
import type { View } from './output';

/** The fields that every command about an operation reads. */
export const operationFields = `id status pausedFor error reason actor created started ended expires runsPerSecond estimatedSecondsLeft
  counts { matched pending accepted rejected aborted waiting skipped }
  outcomes { status code count sample { id name } }
  state { type name message } flowRuns
  retryOf { id } undoOf { id } undoneBy { id }`;

/** Runs with one outcome. */
export interface Outcome {
  readonly status: string;
  readonly code: string | null;
  readonly count: number;
  readonly sample: readonly { readonly id: string; readonly name: string }[];
}

/** A bulk operation as the gateway returns it. */
export interface Operation {
  readonly id: string;
  readonly status: string;
  readonly pausedFor: string | null;
  readonly error: string | null;
  readonly reason: string;
  readonly actor: string;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly expires: string | null;
  readonly runsPerSecond: number | null;
  readonly estimatedSecondsLeft: number | null;
  readonly counts: Readonly<
    Record<'matched' | 'pending' | 'accepted' | 'rejected' | 'aborted' | 'waiting' | 'skipped', number>
  >;
  readonly outcomes: readonly Outcome[];
  readonly state: { readonly type: string; readonly name: string; readonly message: string | null } | null;
  readonly retryOf: { readonly id: string } | null;
  readonly undoOf: { readonly id: string } | null;
  readonly undoneBy: { readonly id: string } | null;
}

type Result =
  | ({ readonly __typename: 'BulkOperation' } & Operation)
  | { readonly __typename: 'BulkOperationRefused'; readonly code: string; readonly message: string };

/** The arguments of a mutation: the GraphQL type and the value of each. */
export type Arguments = Readonly<Record<string, readonly [type: string, value: unknown]>>;

/** What to do about a refusal on the command line, where its message names fields of the API. */
const advice: Readonly<Record<string, readonly string[]>> = {
  EMPTY_FILTER: ['Add a condition such as --flow, or --all.'],
};

/**
 * Sends a mutation about an operation.
 *
 * @throws CommandError if the gateway refuses it. Nothing changed then.
 */
export async function change(request: Request, mutation: string, args: Arguments): Promise<Operation> {
  const declared = Object.entries(args).map(([name, [type]]) => `$${name}: ${type}`);
  const passed = Object.keys(args).map(name => `${name}: $${name}`);
  const { result } = await request<{ result: Result }>(
    `mutation Change(${declared.join(', ')}) { result: ${mutation}(${passed.join(', ')}) {
      __typename ... on BulkOperation { ${operationFields} } ... on BulkOperationRefused { code message } } }`,
    Object.fromEntries(Object.entries(args).map(([name, [, value]]) => [name, value])),
  );
  if (result.__typename === 'BulkOperationRefused')
    throw new CommandError([`${result.code}: ${result.message}`, ...(advice[result.code] ?? [])].join('\n'));
  return result;
}

/**
 * Reads an operation.
 *
 * @throws CommandError if no operation has the id.
 */
export async function findOperation(request: Request, id: string): Promise<Operation> {
  const { bulkOperation } = await request<{ bulkOperation: Operation | null }>(
    `query Operation($id: ID!) { bulkOperation(id: $id) { ${operationFields} } }`,
    { id },
  );
  if (bulkOperation === null) throw new CommandError(`no operation has the id ${id}`);
  return bulkOperation;
}

/** Outcomes, the most frequent first. */
export const outcomesOf = ({ outcomes }: Operation): Outcome[] =>
  [...outcomes].sort((one, other) => other.count - one.count);

/** How outcomes are printed. */
export const outcomeView: View<Outcome> = {
  columns: [
    { title: 'decision', of: ({ status }) => status },
    { title: 'runs', of: ({ count }) => count },
    { title: 'code', of: ({ code }) => code },
    { title: 'such as', of: ({ sample }) => sample.map(({ name }) => name).join(', ') },
  ],
  name: ({ status, code }) => code ?? status,
};

const endedStatuses = ['EXPIRED', 'CANCELLED', 'COMPLETED', 'COMPLETED_WITH_FAILURES', 'FAILED'];

/** Whether an operation no longer changes. */
export const hasEnded = ({ status }: Operation): boolean => endedStatuses.includes(status);

/** The exit code for an operation that was watched to its end, or to a pause. */
export function exitCodeOf({ status }: Operation): number {
  if (status === 'COMPLETED') return exitCodes.success;
  return status === 'FAILED' || status === 'EXPIRED' ? exitCodes.failure : exitCodes.notAccepted;
}
