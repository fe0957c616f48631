import type { Command } from 'commander';
import { addBrakeOptions, type BrakeOptions, brakesOf } from '../brakeOptions';
import { checkNames } from '../checkNames';
import type { Request } from '../client';
import { type Confirmation, checkConfirmable, confirmCount, reasonOf } from '../confirm';
import { connectionOf } from '../connect';
import { CommandError } from '../errors';
import { addFilterOptions, filterOf } from '../filterOptions';
import { followStarted } from '../followStarted';
import { wholeNumber } from '../numbers';
import { oneOf } from '../operands';
import { change, findOperation, type Operation, outcomesOf, outcomeView } from '../operation';
import { printOperation } from '../operationView';
import { report, tableOf } from '../output';
import { secondsInWords } from '../secondsInWords';
import { stateTypes } from '../stateTypes';
import { watchPlan } from '../watch';

interface Options extends BrakeOptions, Confirmation {
  readonly message?: string;
  readonly stateName?: string;
  readonly all?: boolean;
  readonly force?: boolean;
  readonly subflows?: boolean;
  readonly retryWaits?: boolean;
  readonly max?: number;
  readonly dryRun?: boolean;
  readonly expect?: number;
  readonly wait: boolean;
}

/** The reason is the message of the new state, unless another one is given; an empty one is none. */
const messageOf = ({ message, reason, dryRun }: Options, recorded: string): string | undefined =>
  (message ?? (dryRun === true ? reason : recorded)) || undefined;

const inputOf = (type: string, options: Options, flowRuns: object, reason: string) => ({
  state: { type, name: options.stateName, message: messageOf(options, reason) },
  flowRuns,
  reason,
  all: options.all ?? false,
  force: options.force ?? false,
  includeSubflows: options.subflows ?? false,
  retryWaits: options.retryWaits ?? false,
  ...brakesOf(options),
  maxAffected: options.max,
});

async function plan(request: Request, input: object): Promise<Operation> {
  const { id } = await change(request, 'planBulkOperation', { input: ['BulkOperationInput!', input] });
  const planned = await watchPlan(request, id, findOperation);
  if (planned.status !== 'PLANNED')
    throw new CommandError(`the plan ended as ${planned.status}: ${planned.error ?? 'no run was moved'}`);
  return planned;
}

/** A plan that will not be started is recorded too. */
const dryRunReason = ({ reason }: Confirmation): string => reason ?? 'A dry run from the command line';

/** What is known of the time before the start: the least that a rate allows. */
const leastTime = ({ counts, runsPerSecond }: Operation): string[] =>
  runsPerSecond === null
    ? []
    : [
        `At ${runsPerSecond} runs per second it takes at least ${secondsInWords(counts.matched / runsPerSecond)}.`,
      ];

const messageInWords = ({ state }: Operation): string[] =>
  state?.message ? [`The message of the new state: ${state.message}`] : [];

/** The plan is for the person who confirms it; stdout has the result alone. */
function showPlan(planned: Operation): void {
  report(`${planned.counts.matched} runs match. The rules would decide:\n`);
  report(tableOf(outcomesOf(planned), outcomeView));
  report(['', ...messageInWords(planned), ...leastTime(planned)].join('\n'));
}

async function move(type: string, command: Command): Promise<void> {
  const connection = connectionOf(command);
  const { request, format } = connection;
  const options = command.opts<Options>();
  if (options.dryRun !== true) checkConfirmable(options, 'Use --dry-run to see what would happen.');
  const flowRuns = filterOf(command, new Date());
  await checkNames(request, command);
  const reason = options.dryRun === true ? dryRunReason(options) : await reasonOf(options);
  const planned = await plan(request, inputOf(type, options, flowRuns, reason));
  const { matched } = planned.counts;
  if (options.expect !== undefined && options.expect !== matched)
    throw new CommandError(`--expect: ${matched} runs match, not ${options.expect}. No run was moved.`);
  if (options.dryRun === true) {
    printOperation(planned, format);
    return;
  }
  if (matched === 0) {
    report('No runs match: there is nothing to do.');
    return;
  }
  showPlan(planned);
  if (options.yes !== true) await confirmCount(matched, `move them to ${type}`);
  const { id } = await change(request, 'startPlannedBulkOperation', {
    id: ['ID!', planned.id],
    expectedCount: ['Int', matched],
  });
  await followStarted(connection, id, options.wait);
}

/** Adds `move`. */
export function addMoveCommand(program: Command): void {
  const command = program
    .command('move')
    .description(
      'Moves all runs that match to a state, by the rules. Plans first, shows what would happen, and asks.',
    )
    .argument(
      '<state>',
      'the type of the state to propose, such as SCHEDULED or CANCELLED',
      oneOf(stateTypes),
    )
    .option('--reason <text>', 'why, for the record of the operation; in a terminal it is asked for')
    .option('--message <text>', 'the message of the new state, if not the reason; an empty one is none')
    .option('--state-name <name>', 'the name of the new state, if not that of its type');
  addFilterOptions(command);
  addBrakeOptions(command)
    .option('--all', 'confirms that every run is meant, without any condition')
    .option('--dry-run', 'ends after the plan, which moves no run')
    .option('--yes', 'starts without asking; needs --reason')
    .option('--expect <count>', 'starts only if this number of runs matches', wholeNumber(0, 2_147_483_647))
    .option('--max <count>', 'rejects a plan of more runs', wholeNumber(1, 2_147_483_647))
    .option('--subflows', 'moves the unfinished subflow runs below the runs too')
    .option('--retry-waits', 'tries runs again that have to wait')
    .option('--force', 'applies the minimal rules; needs the scope force')
    .option('--no-wait', 'prints the id of the operation, and does not wait for its end')
    .addHelpText(
      'after',
      `
Ctrl-C leaves a started operation running.

Examples:
  Rerun the failed runs of one flow of the last night:
    switchyard move SCHEDULED --flow nightly-load --state FAILED,CRASHED --since 12h --reason "The warehouse was down"
  See what would happen:
    switchyard move CANCELLED --tag eu --state RUNNING --reason "Wrong partition" --dry-run
  In a script:
    switchyard move CANCELLED --tag eu --reason "Wrong partition" --yes --expect 40`,
    )
    .action((type: string, _options, own: Command) => move(type, own));
}
