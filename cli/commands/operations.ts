import type { Command } from 'commander';
import { addOperationsItems } from './operationsItems';
import { addOperationsList } from './operationsList';
import { addOperationsRepeat } from './operationsRepeat';
import { addOperationsSteer } from './operationsSteer';
import { addOperationsWatch } from './operationsWatch';

/** Adds `operations` with its commands. */
export function addOperationsCommand(program: Command): void {
  const operations = program
    .command('operations')
    .description('Lists, watches, steers, retries and undoes operations.');
  addOperationsList(operations);
  addOperationsItems(operations);
  addOperationsWatch(operations);
  addOperationsSteer(operations);
  addOperationsRepeat(operations);
}
