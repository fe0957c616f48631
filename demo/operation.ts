import { createClient } from 'graphql-sse';
import { deployments, subflow, untouchedFlow } from './flows';
import { formatTable } from './table';

/** All flows but the one that is left for the reader. */
export const flowsToRerun = [...new Set([...deployments.map(({ flow }) => flow), subflow])].filter(
  flow => flow !== untouchedFlow,
);

const fields = `id status
  counts { matched pending accepted rejected aborted waiting skipped }
  outcomes { status code count sample { name } }
  started ended`;

const input = {
  state: { type: 'SCHEDULED', message: 'Rerun after the outage' },
  flowRuns: {
    flow: { name: { any: flowsToRerun } },
    state: { type: { any: ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] } },
  },
  reason: 'The warehouse was down; what it feeds runs again.',
};

interface Outcome {
  status: string;
  code: string | null;
  count: number;
  sample: { name: string }[];
}

/** An operation as the demo shows it. */
export interface Operation {
  id: string;
  status: string;
  counts: { matched: number; pending: number };
  outcomes: Outcome[];
  started: string | null;
  ended: string | null;
}

const barWidth = 40;

/** How far an operation is, as a bar: `[#####-----]  50%  500 of 1000 decided`. */
export function progressBar({ matched, pending }: Operation['counts']): string {
  const decided = matched - pending;
  const share = matched === 0 ? 1 : decided / matched;
  const filled = Math.round(share * barWidth);
  const bar = `${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}`;
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)}%  ${decided} of ${matched} decided`;
}

/** Outcomes as a table, the most frequent first. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = [...outcomes]
    .sort((one, other) => other.count - one.count)
    .map(({ status, code, count, sample }) => [
      status,
      code ?? '',
      String(count),
      sample.map(({ name }) => name).join(', '),
    ]);
  return formatTable(['decision', 'code', 'runs', 'such as'], rows);
}

/** Draws progress: over itself in a terminal, line by line elsewhere. */
function createDrawing(output: NodeJS.WriteStream): { draw(line: string): void; end(): void } {
  if (!output.isTTY) return { draw: line => void output.write(`${line}\n`), end: () => undefined };
  return {
    draw: line => void output.write(`\r${line}`),
    end: () => void output.write('\n'),
  };
}

/** Calls and watches operations of a gateway. */
export interface OperationCaller {
  /** Sends a mutation that returns an operation under the name `operation`. */
  call(mutation: string, variables: Record<string, unknown>): Promise<Operation>;
  /** Draws the progress of an operation until it has a status, or has ended. */
  watch(id: string, until: string | null): Promise<Operation>;
  close(): void;
}

/** Prepares to call the gateway at an address that ends in `/graphql`. */
export function createOperationCaller(url: string, output: NodeJS.WriteStream): OperationCaller {
  const client = createClient({ url, retryAttempts: 0 });
  return {
    async call(mutation, variables) {
      for await (const { data, errors } of client.iterate<{ operation: Operation }>({
        query: mutation,
        variables,
      })) {
        if (errors || !data?.operation.id)
          throw new Error(`the demo's operation failed: ${JSON.stringify(errors ?? data)}`);
        return data.operation;
      }
      throw new Error("the demo's operation was not answered");
    },
    async watch(id, until) {
      const drawing = createDrawing(output);
      let last: Operation | undefined;
      const query = `subscription ($id: ID!) { bulkOperationProgress(id: $id) { ${fields} } }`;
      for await (const { data } of client.iterate<{ bulkOperationProgress: Operation }>({
        query,
        variables: { id },
      })) {
        last = data?.bulkOperationProgress ?? last;
        if (last) drawing.draw(progressBar(last.counts));
        if (last?.status === until) break;
      }
      drawing.end();
      if (!last) throw new Error("the demo's operation was not seen");
      return last;
    },
    close: () => client.dispose(),
  };
}

/** How an operation ended, with the time that it took. */
export function endOf({ id, status, outcomes, started, ended }: Operation): string {
  const seconds = started && ended ? (Date.parse(ended) - Date.parse(started)) / 1000 : 0;
  return `${outcomeTable(outcomes)}\n\n${status} after ${seconds.toFixed(1)} s: ${id}\n`;
}

/** Plans an operation, starts it, and watches it to its end; `about` says why, before the plan. */
export async function planAndRun(
  { call, watch }: OperationCaller,
  output: NodeJS.WriteStream,
  about: string,
  definition: Record<string, unknown>,
): Promise<Operation> {
  output.write(`\n${about} First a plan: every run decided by the rules, nothing written.\n\n`);
  const plan = await call(
    `mutation ($input: BulkOperationInput!) { operation: planBulkOperation(input: $input) { ... on BulkOperation { ${fields} } } }`,
    { input: definition },
  );
  output.write(`${outcomeTable((await watch(plan.id, 'PLANNED')).outcomes)}\n`);
  output.write('\nThen the same operation for real, watched to its end:\n\n');
  await call(
    `mutation ($id: ID!) { operation: startPlannedBulkOperation(id: $id) { ... on BulkOperation { ${fields} } } }`,
    { id: plan.id },
  );
  const ended = await watch(plan.id, null);
  output.write(endOf(ended));
  return ended;
}

/** Undoes an operation, and watches that to its end. */
export async function undo(
  { call, watch }: OperationCaller,
  output: NodeJS.WriteStream,
  { id }: Operation,
): Promise<Operation> {
  output.write('\nAnd back again: an undo gives each run the state that it had.\n\n');
  const undoing = await call(
    `mutation ($id: ID!) { operation: undoBulkOperation(id: $id, reason: "The demo puts everything back.") { ... on BulkOperation { ${fields} } } }`,
    { id },
  );
  const ended = await watch(undoing.id, null);
  output.write(endOf(ended));
  return ended;
}

/** Plans an operation over most of the sample, starts it, watches it to its end, and says how it ended. */
export async function demonstrateOperation(url: string, output: NodeJS.WriteStream): Promise<void> {
  const caller = createOperationCaller(url, output);
  try {
    await planAndRun(caller, output, 'Most of the night is to run again.', input);
  } finally {
    caller.close();
  }
}
