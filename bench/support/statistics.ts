/** What a series of times, in milliseconds, comes to. */
export interface Summary {
  calls: number;
  p50: number;
  p95: number;
}

/** The value that so large a part of a series does not exceed; 0 of an empty series. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] ?? 0;
}

export const summarize = (times: readonly number[]): Summary => ({
  calls: times.length,
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
});

/** Runs work and returns its duration in milliseconds. */
export async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
