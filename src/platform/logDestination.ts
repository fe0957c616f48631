import type { Writable } from 'node:stream';
import type { DestinationStream } from 'pino';
import { settleWithin } from './settleWithin';

/** The bytes that may wait to be written. Further lines are dropped and counted. */
const maxWaitingBytes = 4_000_000;

/** The target of log lines. */
interface LogDestination extends DestinationStream {
  /** Waits until all lines are written, for `milliseconds` at most. */
  flush(milliseconds: number): Promise<void>;
}

const lostLinesReport = (lost: number): string => {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 'warn', time, lost, msg: `${lost} log lines were lost: the log could not be written` })}\n`;
};

/**
 * Writes log lines to a stream and never waits for it or fails with it: a full disk, a closed pipe and a pipe without
 * a reader cost log lines and nothing else. When the stream accepts lines again, one line reports how many were lost.
 *
 * It is a Node.js stream rather than pino's own destination (sonic-boom), which blocks the process or its exit on a
 * pipe without a reader.
 */
export function createLogDestination(stream: Writable): LogDestination {
  let lost = 0;

  function reportLost(): void {
    if (lost === 0) return;
    const reported = lost;
    lost = 0;
    stream.write(lostLinesReport(reported), error => {
      if (error) lost += reported;
    });
  }

  // The callback of each write counts its failure. Any listener prevents a crash; another module may have added
  // one.
  if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
  return {
    write(line) {
      if (stream.writableLength > maxWaitingBytes) {
        lost++;
        return;
      }
      stream.write(line, error => {
        if (error) lost++;
        else reportLost();
      });
    },
    async flush(milliseconds) {
      if (stream.writableLength === 0) return;
      const written = new Promise(resolve => {
        stream.write('', resolve);
      });
      await settleWithin(milliseconds, written);
    },
  };
}

let standardOutput: LogDestination | undefined;

/** The log of this process: its standard output. */
export function logToStandardOutput(): LogDestination {
  standardOutput ??= createLogDestination(process.stdout);
  return standardOutput;
}
