import { ConfigurationError } from './config/config';
import { logToStandardOutput } from './platform/logDestination';
import type { Logger } from './platform/logging';
import { settleWithin } from './platform/settleWithin';

/** What a process must end before it exits. */
interface Running {
  /** Accepts nothing new, and waits for work in progress, at most `graceSeconds`. */
  finish(graceSeconds: number): Promise<unknown>;
  /** Closes connections when no work is in progress. */
  close(): Promise<void>;
}

/** The time limit to close connections, in milliseconds. */
const closingMilliseconds = 2000;
/** The time limit to write the last log lines, in milliseconds. */
const flushMilliseconds = 500;

async function exit(code: number): Promise<void> {
  await logToStandardOutput().flush(flushMilliseconds);
  process.exit(code);
}

/** Stops a process: with exit code 0 on SIGTERM and SIGINT, with exit code 1 after an unhandled fault, with 1 or 2 after `fail`. */
interface Stopper {
  /** Sets what runs. Before that, a signal ends the process at once. */
  run(running: Running, graceSeconds: number): void;
  /** Stops the process because of an error: with exit code 2 for settings that turn out to be invalid, else with 1. */
  fail(error: unknown): void;
}

/** Creates the stopper of this process. It handles unhandled faults from now on. */
export function createStopper(logger: Logger): Stopper {
  let exitCode = 0;
  let isStopping = false;
  let current: { running: Running; graceSeconds: number } | null = null;

  async function finish(running: Running, graceSeconds: number): Promise<void> {
    const finished = running.finish(graceSeconds).catch((error: unknown) => {
      logger.error({ err: error }, 'could not stop in an orderly way');
      exitCode = 1;
    });
    // A server needs the whole grace period. What is not done soon after it never will be.
    if (await settleWithin(graceSeconds * 1000 + closingMilliseconds, finished)) return;
    logger.error('work in progress takes longer than SHUTDOWN_SECONDS: it is rolled back');
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

  // Unhandled rejections arrive here as well.
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
          if (!isStopping) logger.info(`${signal}: finishing work in progress`);
          stopOnce();
        });
      }
    },
    fail(error) {
      if (error instanceof ConfigurationError) logger.fatal(error.message);
      else logger.fatal({ err: error }, 'cannot go on: stopping');
      exitCode = error instanceof ConfigurationError ? 2 : 1;
      stopOnce();
    },
  };
}
