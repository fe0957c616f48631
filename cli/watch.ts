import { setTimeout as pause } from 'node:timers/promises';
import type { Request } from './client';
import { UnreachableError } from './errors';
import { hasEnded, type Operation } from './operation';
import { report } from './output';
import { pauseAdvice } from './pauseAdvice';
import { createProgress } from './progress';

const pollMilliseconds = 400;

/** A gateway that restarts is away for seconds. The operation goes on meanwhile, or waits for its workers. */
async function findPatiently(find: () => Promise<Operation>): Promise<Operation> {
  for (let isReported = false; ; isReported = true) {
    try {
      const operation = await find();
      if (isReported) report('The gateway responds again.');
      return operation;
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      if (!isReported)
        report(`${error.message}\nThe operation is stored there. Trying again until it responds.`);
      await pause(2 * pollMilliseconds);
    }
  }
}

/** Says what Ctrl-C leaves behind, and ends the program. */
function leaveOnInterrupt(message: string): () => void {
  const leave = () => {
    report(`\n${message}`);
    process.exit(130);
  };
  process.once('SIGINT', leave);
  return () => void process.off('SIGINT', leave);
}

/**
 * Shows progress until something holds for an operation.
 *
 * @param onInterrupt what to print when Ctrl-C ends the program.
 */
async function follow(
  find: () => Promise<Operation>,
  isDone: (operation: Operation) => boolean,
  onInterrupt: string,
): Promise<Operation> {
  const progress = createProgress();
  const stay = leaveOnInterrupt(onInterrupt);
  try {
    for (let advised: string | null = null; ; ) {
      const operation = await findPatiently(find);
      progress.show(operation);
      const advice = pauseAdvice(operation);
      if (advice !== null && advice !== advised) {
        progress.end();
        report(advice);
      }
      advised = advice;
      if (isDone(operation)) return operation;
      await pause(pollMilliseconds);
    }
  } finally {
    stay();
    progress.end();
  }
}

type Find = (request: Request, id: string) => Promise<Operation>;

/** Waits until a plan is ready, or has failed. */
export const watchPlan = (request: Request, id: string, find: Find): Promise<Operation> =>
  follow(
    () => find(request, id),
    ({ status }) => status !== 'PLANNING',
    'No run was moved. The plan expires by itself.',
  );

/**
 * Waits for the end of an operation. Where no person can resume it from the terminal, a pause ends the wait too.
 */
export const watchOperation = (request: Request, id: string, find: Find): Promise<Operation> =>
  follow(
    () => find(request, id),
    operation => hasEnded(operation) || (operation.status === 'PAUSED' && !process.stderr.isTTY),
    `The operation goes on. Follow it: switchyard operations watch ${id}\nCancel it: switchyard operations cancel ${id}`,
  );
