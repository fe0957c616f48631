import type { Writable } from 'node:stream';
import type { DestinationStream } from 'pino';
import { settleWithin } from './settleWithin';

/** Bytes of lines that wait for whoever reads the log, at most; further lines are lost. */
const maxWaitingBytes = 4_000_000;

/** Where the log goes. */
export interface LogDestination extends DestinationStream {
  /** Waits until all lines are written, but not for longer than so many milliseconds. */
  flush(milliseconds: number): Promise<void>;
}

const lostLinesReport = (lost: number): string => {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 'warn', time, lost, msg: `${lost} log lines were lost: the log could not be written` })}\n`;
};

/**
 * Logs to a stream without ever waiting for it or failing with it: a full disk, a pipe that is closed, and a pipe that nobody
 * reads cost log lines and nothing else. Once lines can be written again, one says how many were lost.
 *
 * It is a Node stream rather than pino's own destination (sonic-boom): that one blocks the process, or its exit, on a pipe that
 * nobody reads.
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

  // Each failed line is counted by the callback of its write. Whoever else listens keeps the process alive as well.
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
