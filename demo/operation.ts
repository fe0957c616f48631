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

interface Operation {
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

/** Plans an operation over most of the sample, starts it, watches it to its end, and says how it ended. */
export async function demonstrateOperation(url: string, output: NodeJS.WriteStream): Promise<void> {
  const client = createClient({ url, retryAttempts: 0 });
  async function call(mutation: string, variables: Record<string, unknown>): Promise<Operation> {
    for await (const { data, errors } of client.iterate<{ operation: Operation }>({
      query: mutation,
      variables,
    })) {
      if (errors || !data?.operation.id)
        throw new Error(`the demo's operation failed: ${JSON.stringify(errors ?? data)}`);
      return data.operation;
    }
    throw new Error("the demo's operation was not answered");
  }
  async function watch(id: string, until: string | null): Promise<Operation> {
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
  }

  try {
    output.write(
      '\nMost of the night is to run again. First a plan: every run decided by the rules, nothing written.\n\n',
    );
    const plan = await call(
      `mutation ($input: BulkOperationInput!) { operation: planBulkOperation(input: $input) { ... on BulkOperation { ${fields} } } }`,
      { input },
    );
    output.write(`${outcomeTable((await watch(plan.id, 'PLANNED')).outcomes)}\n`);
    output.write('\nThen the same operation for real, watched to its end:\n\n');
    await call(
      `mutation ($id: ID!) { operation: startPlannedBulkOperation(id: $id) { ... on BulkOperation { ${fields} } } }`,
      { id: plan.id },
    );
    const ended = await watch(plan.id, null);
    const seconds =
      ended.started && ended.ended ? (Date.parse(ended.ended) - Date.parse(ended.started)) / 1000 : 0;
    output.write(
      `${outcomeTable(ended.outcomes)}\n\n${ended.status} after ${seconds.toFixed(1)} s: ${ended.id}\n`,
    );
  } finally {
    client.dispose();
  }
}
