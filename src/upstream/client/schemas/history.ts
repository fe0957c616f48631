import { z } from 'zod';
import { stateType } from './state';
import { instant, wholeNumber } from './values';

const stateCount = z
  .object({ state_type: stateType, state_name: z.string(), count_runs: wholeNumber })
  .transform(({ state_type, state_name, count_runs }) => ({
    type: state_type,
    name: state_name,
    count: count_runs,
  }));

/** Counts of runs by state in intervals. */
export const wireHistory = z.array(
  z
    .object({ interval_start: instant, states: z.array(stateCount) })
    .transform(({ interval_start, states }) => ({ from: interval_start, states })),
);
