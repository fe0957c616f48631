import { createInterface } from 'node:readline/promises';
import { CommandError, UsageError } from './errors';

/** Whether a person can be asked. */
const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/**
 * Checks that a change can be confirmed.
 *
 * @throws UsageError without `--yes` where there is no terminal to ask in.
 */
export function checkConfirmable(isConfirmed: boolean): void {
  if (!isConfirmed && !canAsk())
    throw new UsageError(
      '--yes: is required without a terminal. Nothing was sent. Use --dry-run to see what would happen.',
    );
}

/**
 * Asks for the number of runs.
 *
 * @throws CommandError if another text is typed.
 */
export async function confirmCount(count: number, what: string): Promise<void> {
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  const abort = new AbortController();
  readline.once('SIGINT', () => abort.abort());
  readline.once('close', () => abort.abort());
  const typed = await readline
    .question(`Type the number of runs, ${count}, to ${what}: `, { signal: abort.signal })
    .catch(() => '');
  readline.close();
  if (typed.trim() !== String(count))
    throw new CommandError(`"${typed.trim()}" is not ${count}: no run was moved`);
}
