import type { Command } from 'commander';
import { addBrakeOptions, type BrakeOptions, brakesOf } from '../brakeOptions';
import { collectWords } from '../collectWords';
import { checkConfirmable, confirmCount } from '../confirm';
import { connectionOf } from '../connect';
import { CommandError } from '../errors';
import { wholeNumber } from '../numbers';
import { type Arguments, change, exitCodeOf, findOperation, type Operation } from '../operation';
import { printOperation } from '../operationView';
import { print, report } from '../output';
import { watchOperation } from '../watch';

interface Options extends BrakeOptions {
  readonly reason: string;
  readonly code?: string[];
  readonly yes?: boolean;
  readonly expect?: number;
  readonly wait: boolean;
}

const isDeclined = ({ status }: { status: string }): boolean => ['REJECT', 'ABORT', 'WAIT'].includes(status);

/** How many runs a retry goes over. */
const countToRetry = ({ outcomes }: Operation, codes: readonly string[] | undefined): number =>
  outcomes
    .filter(outcome => (codes === undefined ? isDeclined(outcome) : codes.includes(outcome.code ?? '')))
    .reduce((sum, { count }) => sum + count, 0);

interface Repetition {
  readonly mutation: string;
  readonly verb: string;
  readonly count: (original: Operation, options: Options) => number;
  readonly args: (options: Options) => Arguments;
}

const retry: Repetition = {
  mutation: 'retryBulkOperation',
  verb: 'retry',
  count: (original, { code }) => countToRetry(original, code),
  args: options => {
    const { runsPerSecond, canary, pauseAboveFailureRatio } = brakesOf(options);
    return {
      reason: ['String!', options.reason],
      codes: ['[TransitionCode!]', options.code],
      runsPerSecond: ['Int', runsPerSecond],
      canary: ['Int', canary],
      pauseAboveFailureRatio: ['Float', pauseAboveFailureRatio],
    };
  },
};

/** A REJECT may have written a state, and only then is there something to undo. */
const undo: Repetition = {
  mutation: 'undoBulkOperation',
  verb: 'undo',
  count: ({ counts }) => counts.accepted + counts.rejected,
  args: ({ reason }) => ({ reason: ['String!', reason] }),
};

async function repeat(
  id: string,
  command: Command,
  { mutation, verb, count, args }: Repetition,
): Promise<void> {
  const { request, format } = connectionOf(command);
  const options = command.opts<Options>();
  checkConfirmable(options.yes === true);
  const runs = count(await findOperation(request, id), options);
  if (options.expect !== undefined && options.expect !== runs)
    throw new CommandError(
      `--expect: at most ${runs} runs are there to ${verb}, not ${options.expect}. No run was moved.`,
    );
  report(`At most ${runs} runs are there to ${verb}: those that changed since are skipped.`);
  if (options.yes !== true) await confirmCount(runs, `${verb} them`);
  const started = await change(request, mutation, { id: ['ID!', id], ...args(options) });
  if (!options.wait) {
    print(started.id);
    return;
  }
  const ended = await watchOperation(request, started.id, findOperation);
  printOperation(ended, format);
  process.exitCode = exitCodeOf(ended);
}

const addShared = (command: Command): Command =>
  command
    .argument('<id>', 'the id of the operation, which has ended')
    .requiredOption('--reason <text>', 'why, for the record of the operation')
    .option('--yes', 'starts without asking')
    .option('--expect <count>', 'starts only over this number of runs', wholeNumber(0, 2_147_483_647))
    .option('--no-wait', 'prints the id of the new operation, and does not wait for its end');

/** Adds `operations retry` and `operations undo`. */
export function addOperationsRepeat(operations: Command): void {
  addBrakeOptions(addShared(operations.command('retry')))
    .description('Starts an operation over the runs of an ended one that were not accepted.')
    .option('--code <code>', 'only the runs with this code, or one of several', collectWords)
    .addHelpText(
      'after',
      `
A brake that is not given stays as the ended operation has it.

Examples:
  switchyard operations retry 0199c0de-0000-7000-8000-000000000001 --reason "The slots are free"
  switchyard operations retry 0199c0de-0000-7000-8000-000000000001 --reason "Gently" --rate 50 --canary none`,
    )
    .action((id: string, _options, command: Command) => repeat(id, command, retry));
  addShared(operations.command('undo'))
    .description('Starts an operation that restores the previous state of each run that was not moved since.')
    .addHelpText(
      'after',
      '\nExample:\n  switchyard operations undo 0199c0de-0000-7000-8000-000000000001 --reason "The wrong flow"',
    )
    .action((id: string, _options, command: Command) => repeat(id, command, undo));
}
