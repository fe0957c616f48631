import { createInterface } from 'node:readline/promises';
import { discardTypedAhead } from './discardTypedAhead';
import { CommandError, UsageError } from './errors';

/** The options that stand for what a person is asked. */
export interface Confirmation {
  readonly reason?: string;
  readonly yes?: boolean;
}

/** Whether a person can be asked. */
const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Asks a question that only later input can reply to; Ctrl-C and the end of the input are an empty text. */
async function ask(question: string): Promise<string> {
  await discardTypedAhead(process.stdin);
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  const abort = new AbortController();
  readline.once('SIGINT', () => abort.abort());
  readline.once('close', () => abort.abort());
  const typed = await readline.question(question, { signal: abort.signal }).catch(() => '');
  readline.close();
  return typed.trim();
}

/**
 * Checks that what is missing can be asked for.
 *
 * @param advice what else the caller can do, if there is something.
 * @throws UsageError where there is no terminal to ask in, and for `--yes` without a reason.
 */
export function checkConfirmable({ reason, yes }: Confirmation, advice = ''): void {
  const missing = [
    ...(reason === undefined && (yes === true || !canAsk()) ? ['--reason "..."'] : []),
    ...(yes !== true && !canAsk() ? ['--yes'] : []),
  ];
  if (missing.length === 0) return;
  const are = missing.length === 1 ? 'is' : 'are';
  const where = yes === true ? 'with --yes' : 'without a terminal';
  throw new UsageError(
    [`${missing.join(' and ')}: ${are} required ${where}. Nothing was sent.`, advice].join(' ').trim(),
  );
}

/**
 * The reason of an operation; asks for it where it is not given.
 *
 * @throws CommandError if nothing is typed.
 */
export async function reasonOf({ reason }: Confirmation): Promise<string> {
  if (reason !== undefined) return reason;
  const typed = await ask('Why? The reason is recorded with the operation: ');
  if (typed === '') throw new CommandError('an operation needs a reason: no run was moved');
  return typed;
}

/**
 * Asks for the number of runs.
 *
 * @throws CommandError if another text is typed.
 */
export async function confirmCount(count: number, what: string): Promise<void> {
  const typed = await ask(`Type the number of runs, ${count}, to ${what}: `);
  if (typed !== String(count)) throw new CommandError(`"${typed}" is not ${count}: no run was moved`);
}
