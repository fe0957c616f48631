import type { Command } from 'commander';
import { addBrakeOptions, type BrakeOptions, brakesOf } from '../brakeOptions';
import { type Confirmation, checkConfirmable, confirmCount, reasonOf } from '../confirm';
import { connectionOf } from '../connect';
import { CommandError } from '../errors';
import { followStarted } from '../followStarted';
import { wholeNumber } from '../numbers';
import { collectNames, idOf } from '../operands';
import { type Arguments, change, findOperation, hasEnded, type Operation } from '../operation';
import { report } from '../output';
import { transitionCodes } from '../transitionCodes';

interface Options extends BrakeOptions, Confirmation {
  readonly code?: string[];
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
  /** Throws CommandError where the gateway would refuse; before anything is asked. */
  readonly check: (original: Operation) => void;
  readonly count: (original: Operation, options: Options) => number;
  readonly args: (options: Options) => Arguments;
}

const retry: Repetition = {
  mutation: 'retryBulkOperation',
  verb: 'retry',
  check: () => undefined,
  count: (original, { code }) => countToRetry(original, code),
  args: options => {
    const { runsPerSecond, canary, pauseAboveFailureRatio } = brakesOf(options);
    return {
      codes: ['[TransitionCode!]', options.code],
      runsPerSecond: ['Int', runsPerSecond],
      canary: ['Int', canary],
      pauseAboveFailureRatio: ['Float', pauseAboveFailureRatio],
    };
  },
};

function checkNotUndone({ undoneBy }: Operation): void {
  if (undoneBy !== null)
    throw new CommandError(
      `ALREADY_UNDONE: The operation was already undone, by ${undoneBy.id}. See it: switchyard operations show ${undoneBy.id}`,
    );
}

/** A REJECT may have written a state, and only then is there something to undo. */
const undo: Repetition = {
  mutation: 'undoBulkOperation',
  verb: 'undo',
  check: checkNotUndone,
  count: ({ counts }) => counts.accepted + counts.rejected,
  args: () => ({}),
};

async function repeat(
  id: string,
  command: Command,
  { mutation, verb, check, count, args }: Repetition,
): Promise<void> {
  const connection = connectionOf(command);
  const { request } = connection;
  const options = command.opts<Options>();
  checkConfirmable(options);
  const original = await findOperation(request, id);
  check(original);
  const runs = count(original, options);
  if (options.expect !== undefined && options.expect !== runs)
    throw new CommandError(
      `--expect: at most ${runs} runs are there to ${verb}, not ${options.expect}. No run was moved.`,
    );
  if (runs === 0 && hasEnded(original)) {
    report(`No run is there to ${verb}. Its outcomes: switchyard operations show ${id}`);
    return;
  }
  report(`At most ${runs} runs are there to ${verb}: those that changed since are skipped.`);
  const reason = await reasonOf(options);
  if (options.yes !== true) await confirmCount(runs, `${verb} them`);
  const started = await change(request, mutation, {
    id: ['ID!', id],
    reason: ['String!', reason],
    ...args(options),
  });
  await followStarted(connection, started.id, options.wait);
}

const addShared = (command: Command): Command =>
  command
    .argument('<id>', 'the id of the operation, which has ended', idOf('operation'))
    .option('--reason <text>', 'why, for the record of the operation; in a terminal it is asked for')
    .option('--yes', 'starts without asking; needs --reason')
    .option('--expect <count>', 'starts only over this number of runs', wholeNumber(0, 2_147_483_647))
    .option('--no-wait', 'prints the id of the new operation, and does not wait for its end');

/** Adds `operations retry` and `operations undo`. */
export function addOperationsRepeat(operations: Command): void {
  addBrakeOptions(addShared(operations.command('retry')))
    .description('Starts an operation over the runs of an ended one that were not accepted.')
    .option('--code <code>', 'only the runs with this code, or one of several', collectNames(transitionCodes))
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
