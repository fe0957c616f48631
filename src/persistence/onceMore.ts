import type { Database } from './database';

/** Runs what inserts something under a name or a key; where somebody else took it meanwhile, runs it once more. */
export async function onceMoreIfTaken<Result>(
  { dialect }: Database,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!dialect.isDuplicate(error)) throw error;
    return work();
  }
}
