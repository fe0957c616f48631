import type { Command } from 'commander';
import type { Request } from '../client';
import { connectionOf } from '../connect';
import { CommandError } from '../errors';
import { wholeNumber } from '../numbers';
import { collectNames, idOf } from '../operands';
import { printPages, report, type View } from '../output';
import { itemStatuses } from '../statuses';
import { transitionCodes } from '../transitionCodes';

const document = `query Items(
  $id: ID!, $status: [BulkOperationItemStatus!], $code: [TransitionCode!], $first: Int!, $after: String
) {
  bulkOperation(id: $id) {
    items(status: $status, code: $code, first: $first, after: $after) {
      nodes {
        flowRunId status code reason position decided attempts movedAnotherState
        flowRun { name } previousState { type name } state { type name }
      }
      pageInfo { endCursor hasNextPage }
    }
  }
}`;

interface State {
  readonly type: string;
  readonly name: string;
}

interface Item {
  readonly flowRunId: string;
  readonly status: string;
  readonly code: string | null;
  readonly reason: string | null;
  readonly position: number | null;
  readonly decided: string | null;
  readonly attempts: number;
  readonly movedAnotherState: boolean;
  readonly flowRun: { readonly name: string } | null;
  readonly previousState: State | null;
  readonly state: State | null;
}

interface Items {
  readonly nodes: readonly Item[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

interface Page {
  readonly bulkOperation: { readonly items: Items } | null;
}

interface Options {
  readonly status?: string[];
  readonly code?: string[];
  readonly limit?: number;
}

const view: View<Item> = {
  columns: [
    { title: 'run', of: ({ flowRunId }) => flowRunId },
    { title: 'decision', of: ({ status }) => status },
    { title: 'code', of: ({ code }) => code },
    { title: 'name', of: ({ flowRun }) => flowRun?.name },
    { title: 'from', of: ({ previousState }) => previousState?.type },
    { title: 'to', of: ({ state }) => state?.type },
    { title: 'decided', of: ({ decided }) => decided?.replace(/\.\d+Z$/, 'Z') },
    { title: 'reason', of: ({ reason }) => reason },
    {
      title: 'moved another state',
      of: ({ movedAnotherState }) => String(movedAnotherState),
      isForScripts: true,
    },
  ],
  name: ({ flowRunId }) => flowRunId,
};

const pageSize = 200;

async function* pagesOf(
  request: Request,
  id: string,
  { status, code, limit = Number.POSITIVE_INFINITY }: Options,
): AsyncGenerator<Items> {
  const pageAfter = async (after: string | null, first: number): Promise<Items> => {
    const variables = { id, status, code, first, after };
    const { bulkOperation } = await request<Page>(document, variables);
    if (bulkOperation === null) throw new CommandError(`no operation has the id ${id}`);
    return bulkOperation.items;
  };
  let after: string | null = null;
  let left = limit;
  do {
    const page: Items = await pageAfter(after, Math.min(pageSize, left));
    yield page;
    left -= page.nodes.length;
    after = page.pageInfo.hasNextPage && left > 0 ? page.pageInfo.endCursor : null;
  } while (after !== null);
}

async function listItems(id: string, command: Command): Promise<void> {
  const { request, format } = connectionOf(command);
  let hasMore = false;
  async function* rows(): AsyncGenerator<readonly Item[]> {
    for await (const { nodes, pageInfo } of pagesOf(request, id, command.opts<Options>())) {
      hasMore = pageInfo.hasNextPage;
      yield nodes;
    }
  }
  const count = await printPages(rows(), view, format);
  if (count === 0) report('No runs of the operation match.');
  if (hasMore) report(`There are more: these are the first ${count}. Use --limit for more of them.`);
}

/** Adds `operations items`. */
export function addOperationsItems(operations: Command): void {
  operations
    .command('items')
    .description('Lists all runs of an operation with their decisions, in the order of decision.')
    .argument('<id>', 'the id of the operation', idOf('operation'))
    .option(
      '--status <decision>',
      'with this decision, or one of several: REJECT,ABORT,PENDING',
      collectNames(itemStatuses),
    )
    .option('--code <code>', 'with this code, or one of several', collectNames(transitionCodes))
    .option('--limit <count>', 'at most this number of runs', wholeNumber(1, 2_147_483_647))
    .addHelpText(
      'after',
      `
Examples:
  switchyard operations items 0199c0de-0000-7000-8000-000000000001 --status ABORT,REJECT --limit 20
  switchyard operations items 0199c0de-0000-7000-8000-000000000001 -o csv > items.csv`,
    )
    .action((id: string, _options, command: Command) => listItems(id, command));
}
