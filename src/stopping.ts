import { logToStandardOutput } from './platform/logDestination';
import type { Logger } from './platform/logging';
import { settleWithin } from './platform/settleWithin';

/** What a process has to end before it may exit. */
export interface Running {
  /** Accepts nothing new, and waits for what is in hand, at most so many seconds. */
  finish(graceSeconds: number): Promise<unknown>;
  /** Closes connections, once nothing is in hand any more. */
  close(): Promise<void>;
}

/** What closing connections may take. */
const closingMilliseconds = 2000;
/** What writing the last log lines may take. */
const flushMilliseconds = 500;

async function exit(code: number): Promise<void> {
  await logToStandardOutput().flush(flushMilliseconds);
  process.exit(code);
}

/** Stops a process: on SIGTERM and SIGINT with exit code 0, and after a fault that no code handled with exit code 1. */
export interface Stopper {
  /** Says what runs by now. Until then a signal ends the process as if there were no stopper. */
  run(running: Running, graceSeconds: number): void;
}

/** Makes the stopper of this process, which handles its faults from now on. */
export function createStopper(logger: Logger): Stopper {
  let exitCode = 0;
  let isStopping = false;
  let current: { running: Running; graceSeconds: number } | null = null;

  async function finish(running: Running, graceSeconds: number): Promise<void> {
    const finished = running.finish(graceSeconds).catch((error: unknown) => {
      logger.error({ err: error }, 'could not stop in an orderly way');
      exitCode = 1;
    });
    // A server needs the whole grace for what is in hand; what is not through soon after never will be.
    if (await settleWithin(graceSeconds * 1000 + closingMilliseconds, finished)) return;
    logger.error('what is in hand takes longer than SHUTDOWN_SECONDS: leaving it to be rolled back');
    exitCode = 1;
  }

  async function stop(): Promise<void> {
    if (current === null) return exit(exitCode);
    await finish(current.running, current.graceSeconds);
    if (!(await settleWithin(closingMilliseconds, current.running.close())))
      logger.warn('connections to the database or to Redis could not be closed in time: cutting them');
    logger.info('stopped');
    return exit(exitCode);
  }

  function stopOnce(): void {
    if (isStopping) return;
    isStopping = true;
    stop().catch(() => process.exit(1));
  }

  // Rejected promises without an owner come here as well.
  process.on('uncaughtException', (error, origin) => {
    logger.fatal({ err: error, origin }, 'a fault that no code handled: stopping');
    exitCode = 1;
    stopOnce();
  });

  return {
    run(running, graceSeconds) {
      current = { running, graceSeconds };
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          if (!isStopping) logger.info(`${signal}: finishing what is in hand`);
          stopOnce();
        });
      }
    },
  };
}
