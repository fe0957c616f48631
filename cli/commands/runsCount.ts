import type { Command } from 'commander';
import { connectionOf } from '../connect';
import { addFilterOptions, filterOf } from '../filterOptions';
import { print, printRows, type View } from '../output';

const document = `query CountRuns($filter: FlowRunFilter!) {
  flowRunCount(filter: $filter)
  flowRunStateCounts(filter: $filter) { stateType count }
}`;

interface StateCount {
  readonly stateType: string | null;
  readonly count: number;
}

interface Counts {
  readonly flowRunCount: number;
  readonly flowRunStateCounts: readonly StateCount[];
}

const view: View<StateCount> = {
  columns: [
    { title: 'state', of: ({ stateType }) => stateType ?? 'none' },
    { title: 'runs', of: ({ count }) => count },
  ],
  name: ({ count }) => String(count),
};

async function countRuns(command: Command): Promise<void> {
  const { request, format } = connectionOf(command);
  const { flowRunCount, flowRunStateCounts } = await request<Counts>(document, {
    filter: filterOf(command, new Date()),
  });
  if (format === 'name') print(String(flowRunCount));
  else if (format === 'json')
    print(JSON.stringify({ count: flowRunCount, states: flowRunStateCounts }, null, 2));
  else if (format === 'table') {
    printRows([...flowRunStateCounts, { stateType: 'all', count: flowRunCount }], view, format);
  } else printRows(flowRunStateCounts, view, format);
}

/** Adds `runs count`. */
export function addRunsCount(runs: Command): void {
  addFilterOptions(runs.command('count'))
    .description('Counts the runs that match, by the type of their state.')
    .addHelpText(
      'after',
      `
Examples:
  switchyard runs count --since 24h
  switchyard runs count --state FAILED --flow nightly-load -o name`,
    )
    .action((_options, command: Command) => countRuns(command));
}
