import type { Connection } from './connect';
import { exitCodeOf, findOperation, hasEnded, type Operation } from './operation';
import { printOperation } from './operationView';
import { print, report } from './output';
import { watchOperation } from './watch';

/** An undo, and a retry of one, have no state of their own; they are not undone. */
const canBeUndone = ({ state, counts }: Operation): boolean =>
  state !== null && counts.accepted + counts.rejected > 0;

const secondsOf = ({ created, started, ended }: Operation): number =>
  (Date.parse(ended ?? '') - Date.parse(started ?? created)) / 1000;

function reportEnd(operation: Operation): void {
  if (!hasEnded(operation)) return;
  const undo = canBeUndone(operation) ? ` Undo it: switchyard operations undo ${operation.id}` : '';
  report(`Ended after ${secondsOf(operation).toFixed(1)} s.${undo}`);
}

/**
 * Watches an operation that was started, prints it once it has ended, reports how to undo it and sets the exit code.
 *
 * @param wait false prints only its id, and on stderr how to follow it.
 */
export async function followStarted(
  { request, format }: Connection,
  id: string,
  wait: boolean,
): Promise<void> {
  if (!wait) {
    print(id);
    report(`Started. Follow it: switchyard operations watch ${id}`);
    return;
  }
  report(`Started operation ${id}.`);
  const ended = await watchOperation(request, id, findOperation);
  printOperation(ended, format);
  reportEnd(ended);
  process.exitCode = exitCodeOf(ended);
}
