import type { Command } from 'commander';
import { collectWords } from '../collectWords';
import { connectionOf } from '../connect';
import { wholeNumber } from '../numbers';
import { collectNames, idOf } from '../operands';
import { type Operation, operationFields } from '../operation';
import { operationListView } from '../operationView';
import { printRows, report } from '../output';
import { operationStatuses } from '../statuses';

const document = `query Operations($filter: BulkOperationFilter!, $first: Int!) {
  bulkOperations(filter: $filter, first: $first) { nodes { ${operationFields} } pageInfo { hasNextPage } }
}`;

interface Page {
  readonly bulkOperations: {
    readonly nodes: readonly Operation[];
    readonly pageInfo: { readonly hasNextPage: boolean };
  };
}

interface Options {
  readonly status?: string[];
  readonly by?: string[];
  readonly run?: string;
  readonly limit: number;
}

async function listOperations(command: Command): Promise<void> {
  const { request, format } = connectionOf(command);
  const { status, by, run, limit } = command.opts<Options>();
  const filter = { status, actor: by, flowRunId: run };
  const { nodes, pageInfo } = (await request<Page>(document, { filter, first: limit })).bulkOperations;
  printRows(nodes, operationListView, format);
  if (nodes.length === 0) report('No operations match.');
  if (pageInfo.hasNextPage) report(`There are more: these are the newest ${nodes.length}.`);
}

/** Adds `operations list`. */
export function addOperationsList(operations: Command): void {
  operations
    .command('list')
    .description('Lists operations, newest first.')
    .option(
      '--status <status>',
      'in this status, or one of several: RUNNING,PAUSED',
      collectNames(operationStatuses),
    )
    .option('--by <name>', 'created by this caller; repeat it for one of several', collectWords)
    .option('--run <id>', 'with this run among their runs', idOf('run'))
    .option('--limit <count>', 'at most this number of operations', wholeNumber(1, 200), 20)
    .addHelpText(
      'after',
      `
Examples:
  switchyard operations list --status RUNNING,PAUSED
  switchyard operations list --by ops -o json`,
    )
    .action((_options, command: Command) => listOperations(command));
}
