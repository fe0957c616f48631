/**
 * Runs work with a controller that is aborted as soon as one of some signals is, and that the work may abort by itself. Not
 * `AbortSignal.any`: on a signal that lives long, Node.js 20 holds what was made of it.
 */
export async function withLinkedAbort<Result>(
  signals: readonly AbortSignal[],
  work: (controller: AbortController) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (signals.some(({ aborted }) => aborted)) abort();
  for (const signal of signals) signal.addEventListener('abort', abort);
  try {
    return await work(controller);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}
