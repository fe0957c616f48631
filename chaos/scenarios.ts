import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../bench/support/random';
import type { Operations } from './operations';
import { slices } from './population';

/** Something that is done with operations, from beginning to end. */
export type Scenario = (operations: Operations, random: Random) => Promise<unknown>;

const tagged = (...tags: string[]) => ({ tags: { any: tags } });

const types = ['RUNNING', 'COMPLETED', 'SCHEDULED', 'CANCELLED', 'FAILED', 'CRASHED'] as const;

/** Some common runs and a state for them; several operations may want the same runs at once. */
const someOf = (random: Random) => {
  const first = random.below(slices);
  const parts = Array.from(
    { length: 1 + random.below(4) },
    (_, index) => `slice-${(first + index) % slices}`,
  );
  return {
    flowRuns: tagged(...parts),
    state: { type: random.pick(types), message: `chaos ${random.below(1000)}` },
    force: random.chance(0.5),
  };
};

const startAndEnd = async (operations: Operations, input: Record<string, unknown>) => {
  const id = await operations.start(input);
  if (id !== null) await operations.ended(id);
  return id;
};

const everything: Scenario = (operations, random) =>
  startAndEnd(operations, { ...someOf(random), flowRuns: tagged('common') });

const some: Scenario = (operations, random) => startAndEnd(operations, someOf(random));

const pausedAndResumed: Scenario = async (operations, random) => {
  const id = await operations.start({ ...someOf(random), runsPerSecond: 500 + random.below(1000) });
  if (id === null) return;
  await sleep(random.below(1500));
  await operations.steer('pause', id);
  await sleep(random.below(1000));
  // A pause that came while the runs were being selected was refused, and so is this then.
  await operations.steer('resume', id);
  await operations.ended(id);
};

const cancelled: Scenario = async (operations, random) => {
  const id = await operations.start({ ...someOf(random), runsPerSecond: 500 });
  if (id === null) return;
  await sleep(random.below(2000));
  await operations.steer('cancel', id);
  await operations.ended(id);
};

const looked: Scenario = async (operations, random) => {
  const id = await operations.start({ ...someOf(random), canary: 1 + random.below(120) });
  if (id === null) return;
  await operations.until(id, 'PAUSED');
  await operations.steer('resume', id);
  await operations.ended(id);
};

const plannedFirst: Scenario = async (operations, random) => {
  const id = await operations.plan(someOf(random));
  if (id === null) return;
  await operations.until(id, 'PLANNED');
  await operations.steer('startPlanned', id);
  await operations.ended(id);
};

const undone: Scenario = async (operations, random) => {
  const id = await startAndEnd(operations, someOf(random));
  const undo = id === null ? null : await operations.undo(id);
  if (undo !== null) await operations.ended(undo);
};

// Most runs are not paused, so that most items are rejected, and the retry has something to do.
const retried: Scenario = async (operations, random) => {
  const input = { ...someOf(random), state: { type: 'PAUSED' }, force: false };
  const id = await startAndEnd(operations, input);
  const retry = id === null ? null : await operations.retry(id);
  if (retry !== null) await operations.ended(retry);
};

const toldToWait: Scenario = async (operations, random) => {
  const scheduledTime = new Date(Date.now() + 1000 + random.below(3000)).toISOString();
  const flowRuns = tagged('waiting');
  await startAndEnd(operations, {
    flowRuns,
    force: true,
    state: { type: 'SCHEDULED', stateDetails: { scheduledTime } },
  });
  await startAndEnd(operations, { flowRuns, retryWaits: true, state: { type: 'RUNNING' } });
};

const withSubflows: Scenario = async (operations, random) => {
  await startAndEnd(operations, { flowRuns: tagged('family'), force: true, state: { type: 'RUNNING' } });
  const id = await startAndEnd(operations, {
    flowRuns: tagged('parent'),
    includeSubflows: true,
    state: { type: random.pick(['CANCELLED', 'COMPLETED']) },
  });
  if (id === null || !random.chance(0.5)) return;
  const undo = await operations.undo(id);
  if (undo !== null) await operations.ended(undo);
};

// By the rules, for force would let runs hold slots that nobody counted.
const sharingSlots: Scenario = async (operations, random) => {
  const flowRuns = tagged('limited');
  const from = (...any: string[]) => ({ ...flowRuns, state: { type: { any } } });
  const pending = await startAndEnd(operations, { flowRuns, state: { type: 'PENDING' } });
  if (pending !== null && random.chance(0.3)) {
    const undo = await operations.undo(pending);
    if (undo !== null) await operations.ended(undo);
  }
  await startAndEnd(operations, { flowRuns: from('PENDING'), state: { type: 'RUNNING' } });
  await startAndEnd(operations, {
    flowRuns: from('PENDING', 'RUNNING'),
    state: { type: random.pick(['COMPLETED', 'CANCELLED', 'SCHEDULED']) },
  });
  await startAndEnd(operations, {
    flowRuns: from('COMPLETED', 'CANCELLED'),
    state: { type: 'SCHEDULED' },
  });
};

/** All there are, by name. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  everything,
  some,
  pausedAndResumed,
  cancelled,
  looked,
  plannedFirst,
  undone,
  retried,
  toldToWait,
  withSubflows,
  sharingSlots,
};
