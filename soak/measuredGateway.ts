/** A gateway that its parent process can ask for its memory and the delay of its event loop. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Measurement, MeasurementRequest } from './measurement';
import '../src/main';

const megabyte = 1024 * 1024;
const resolutionMilliseconds = 10;
const delay = monitorEventLoopDelay({ resolution: resolutionMilliseconds });
delay.enable();

// The histogram counts the time between two of its timer's runs, which is its resolution when nothing delays them.
const milliseconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMilliseconds);

process.on('message', (request: MeasurementRequest) => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const measurement: Measurement = {
    number: request.number,
    residentMegabytes: rss / megabyte,
    heapMegabytes: heapUsed / megabyte,
    delayP99: milliseconds(delay.percentile(99)),
    delayMax: milliseconds(delay.max),
  };
  delay.reset();
  process.send?.(measurement);
});
// The channel to the parent must not keep the process alive after a stop.
process.channel?.unref();
