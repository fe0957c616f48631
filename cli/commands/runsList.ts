import type { Command } from 'commander';
import type { Request } from '../client';
import { connectionOf } from '../connect';
import { addFilterOptions, type FlowRunFilter, filterOf } from '../filterOptions';
import { wholeNumber } from '../numbers';
import { printRows, report, type View } from '../output';

const document = `query Runs($filter: FlowRunFilter!, $first: Int!, $after: String) {
  flowRuns(filter: $filter, first: $first, after: $after) {
    nodes {
      id name stateType stateName startTime expectedStartTime endTime tags workQueueName
      flow { id name } deployment { id name } state { message }
    }
    pageInfo { endCursor hasNextPage }
  }
}`;

interface Run {
  readonly id: string;
  readonly name: string;
  readonly stateType: string | null;
  readonly stateName: string | null;
  readonly startTime: string | null;
  readonly expectedStartTime: string | null;
  readonly endTime: string | null;
  readonly tags: readonly string[];
  readonly flow: { readonly name: string };
  readonly deployment: { readonly name: string } | null;
  readonly state: { readonly message: string | null } | null;
}

interface Page {
  readonly flowRuns: {
    readonly nodes: readonly Run[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

/** Whole seconds are enough to read; JSON has all digits. */
const second = (time: string | null): string => time?.replace(/\.\d+Z$/, 'Z') ?? '';

const view: View<Run> = {
  columns: [
    { title: 'id', of: run => run.id },
    { title: 'state', of: run => run.stateType },
    { title: 'flow', of: run => run.flow.name },
    { title: 'name', of: run => run.name },
    { title: 'start', of: run => second(run.startTime ?? run.expectedStartTime) },
    { title: 'message', of: run => run.state?.message },
  ],
  name: run => run.id,
};

const pageSize = 50;

async function findRuns(
  request: Request,
  filter: FlowRunFilter,
  limit: number,
): Promise<{ runs: Run[]; hasMore: boolean }> {
  const pageAfter = async (after: string | null, first: number): Promise<Page['flowRuns']> =>
    (await request<Page>(document, { filter, first, after })).flowRuns;
  const runs: Run[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Page['flowRuns'] = await pageAfter(after, Math.min(pageSize, limit - runs.length));
    runs.push(...page.nodes);
    const { hasNextPage } = page.pageInfo;
    if (!hasNextPage || runs.length >= limit) return { runs, hasMore: hasNextPage };
    after = page.pageInfo.endCursor;
  }
}

async function listRuns(command: Command): Promise<void> {
  const { request, format } = connectionOf(command);
  const { limit } = command.opts<{ limit: number }>();
  const { runs, hasMore } = await findRuns(request, filterOf(command, new Date()), limit);
  printRows(runs, view, format);
  if (runs.length === 0) report('No runs match.');
  if (hasMore) report(`There are more: these are the newest ${runs.length}. Use --limit for more of them.`);
}

/** Adds `runs list`. */
export function addRunsList(runs: Command): void {
  addFilterOptions(runs.command('list'))
    .description('Lists the runs that match, newest first.')
    .option('--limit <count>', 'at most this number of runs', wholeNumber(1, 1_000_000), 50)
    .addHelpText(
      'after',
      `
Examples:
  switchyard runs list --state FAILED,CRASHED --since 24h
  switchyard runs list --flow nightly-load --limit 500 -o csv > runs.csv
  switchyard runs list --state FAILED -o name | switchyard runs count --ids -`,
    )
    .action((_options, command: Command) => listRuns(command));
}
