import { setImmediate as pollInput } from 'node:timers/promises';
import type { ReadStream } from 'node:tty';

/**
 * Discards what was typed in a terminal so far, so that it does not reply to a question that was not shown yet.
 *
 * @param terminal stays in raw mode, in which a line without its end can be read too; readline restores it.
 */
export async function discardTypedAhead(terminal: ReadStream): Promise<void> {
  const discard = () => undefined;
  terminal.setRawMode(true);
  terminal.on('data', discard);
  terminal.resume();
  // The first turn of the event loop may start to read after its poll; the second one polls all that is there.
  await pollInput();
  await pollInput();
  terminal.off('data', discard);
  terminal.pause();
}
