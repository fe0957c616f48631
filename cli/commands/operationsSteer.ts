import type { Command } from 'commander';
import { connectionOf } from '../connect';
import { type Limit, limitOf, orNone, wholeNumber } from '../numbers';
import { idOf } from '../operands';
import { type Arguments, change } from '../operation';
import { operationListView } from '../operationView';
import { printRows } from '../output';

async function steer(command: Command, mutation: string, args: Arguments): Promise<void> {
  const { request, format } = connectionOf(command);
  printRows([await change(request, mutation, args)], operationListView, format);
}

const simple = {
  pause: ['pauseBulkOperation', 'Pauses an operation. A batch in progress is completed.'],
  resume: ['resumeBulkOperation', 'Resumes a paused operation.'],
  cancel: ['cancelBulkOperation', 'Cancels an operation. Decided runs stay as they are.'],
} as const;

/** Adds `operations pause`, `resume`, `cancel` and `rate`. */
export function addOperationsSteer(operations: Command): void {
  for (const [name, [mutation, description]] of Object.entries(simple))
    operations
      .command(name)
      .description(description)
      .argument('<id>', 'the id of the operation', idOf('operation'))
      .addHelpText(
        'after',
        `\nExample:\n  switchyard operations ${name} 0199c0de-0000-7000-8000-000000000001`,
      )
      .action((id: string, _options, command: Command) => steer(command, mutation, { id: ['ID!', id] }));
  operations
    .command('rate')
    .description('Changes how many runs per second an operation moves.')
    .argument('<id>', 'the id of the operation', idOf('operation'))
    .argument(
      '<runs>',
      'runs per second, for all workers together; none removes the limit',
      orNone(wholeNumber(1, 1_000_000)),
    )
    .addHelpText('after', '\nExample:\n  switchyard operations rate 0199c0de-0000-7000-8000-000000000001 50')
    .action((id: string, runs: Limit, _options, command: Command) =>
      steer(command, 'setBulkOperationRate', { id: ['ID!', id], runsPerSecond: ['Int', limitOf(runs)] }),
    );
}
