import type { Connection } from './connect';
import { exitCodeOf, findOperation } from './operation';
import { printOperation } from './operationView';
import { print, report } from './output';
import { watchOperation } from './watch';

/**
 * Watches an operation that was started, prints it once it has ended and sets the exit code.
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
  const ended = await watchOperation(request, id, findOperation);
  printOperation(ended, format);
  process.exitCode = exitCodeOf(ended);
}
