import type { Operation } from './operation';
import { report } from './output';
import { secondsInWords } from './secondsInWords';
import { terminalColumns } from './table';

const lineSeconds = 10;
const maxBarWidth = 40;
const minBarWidth = 8;

const timeLeft = (seconds: number | null): string =>
  seconds === null ? '' : `  ${secondsInWords(seconds)} left`;

/** The progress of an operation in one line: `RUNNING [####----]  50%  500 of 1000`. */
function progressLine(operation: Operation, columns: number): string {
  const { status, counts, estimatedSecondsLeft, pausedFor } = operation;
  const name = pausedFor === null ? status : `${status} (${pausedFor})`;
  const decided = counts.matched - counts.pending;
  const share = counts.matched === 0 ? 0 : decided / counts.matched;
  const text = `${String(Math.floor(share * 100)).padStart(3)}%  ${decided} of ${counts.matched}${timeLeft(estimatedSecondsLeft)}`;
  const width = Math.min(maxBarWidth, columns - name.length - text.length - 5);
  if (width < minBarWidth) return `${name} ${text}`.slice(0, columns - 1);
  const filled = Math.round(share * width);
  return `${name} [${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${text}`;
}

/** Shows progress on stderr: one line that changes in a terminal, some lines elsewhere. */
interface Progress {
  show(operation: Operation): void;
  end(): void;
}

/** Creates the display that the stderr of this process allows. */
export function createProgress(): Progress {
  const columns = () => terminalColumns() ?? 80;
  if (process.stderr.isTTY)
    return {
      show: operation => void process.stderr.write(`\r${progressLine(operation, columns())}\u001b[K`),
      end: () => void process.stderr.write('\n'),
    };
  let shown = '';
  let next = 0;
  return {
    show(operation) {
      const isDue = performance.now() >= next;
      if (shown === operation.status && !isDue) return;
      shown = operation.status;
      next = performance.now() + lineSeconds * 1000;
      report(progressLine(operation, columns()));
    },
    end: () => undefined,
  };
}
