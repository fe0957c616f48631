import type { Command } from 'commander';
import { connectionOf } from '../connect';
import { idOf } from '../operands';
import { exitCodeOf, findOperation } from '../operation';
import { printOperation } from '../operationView';
import { report } from '../output';
import { pauseAdvice } from '../pauseAdvice';
import { watchOperation } from '../watch';

async function show(id: string, command: Command): Promise<void> {
  const { request, format } = connectionOf(command);
  const operation = await findOperation(request, id);
  printOperation(operation, format);
  const advice = pauseAdvice(operation);
  if (advice !== null) report(`\n${advice}`);
}

async function watch(id: string, command: Command): Promise<void> {
  const { request, format } = connectionOf(command);
  const ended = await watchOperation(request, id, findOperation);
  printOperation(ended, format);
  process.exitCode = exitCodeOf(ended);
}

/** Adds `operations show` and `operations watch`. */
export function addOperationsWatch(operations: Command): void {
  operations
    .command('show')
    .description('Shows an operation with its outcomes by status and code.')
    .argument('<id>', 'the id of the operation', idOf('operation'))
    .addHelpText('after', '\nExample:\n  switchyard operations show 0199c0de-0000-7000-8000-000000000001')
    .action((id: string, _options, command: Command) => show(id, command));
  operations
    .command('watch')
    .description('Shows the progress of an operation until it ends. Without a terminal, a pause ends it too.')
    .argument('<id>', 'the id of the operation', idOf('operation'))
    .addHelpText(
      'after',
      '\nExample:\n  switchyard operations watch 0199c0de-0000-7000-8000-000000000001 -o json',
    )
    .action((id: string, _options, command: Command) => watch(id, command));
}
