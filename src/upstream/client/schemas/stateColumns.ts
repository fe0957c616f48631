import { z } from 'zod';
import type { StateColumns } from '../../../domain/flowRun';
import type { StateId } from '../../../domain/identifiers';
import { stateType, wireState } from './state';
import { idOf, instant, number, wholeNumber } from './values';

/** The fields of a flow run or a task run that each of its states changes, and the state itself. */
export const stateFields = {
  state_id: idOf<StateId>().nullish(),
  state_type: stateType.nullish(),
  state_name: z.string().nullish(),
  run_count: wholeNumber,
  start_time: instant.nullish(),
  end_time: instant.nullish(),
  expected_start_time: instant.nullish(),
  next_scheduled_start_time: instant.nullish(),
  total_run_time: number,
  state: wireState.nullish(),
};

type WireFields = z.output<z.ZodObject<typeof stateFields>>;

/** Those fields as columns. */
export const columnsOf = (wire: WireFields): StateColumns => ({
  stateId: wire.state_id ?? null,
  stateType: wire.state_type ?? null,
  stateName: wire.state_name ?? null,
  stateTimestamp: wire.state?.timestamp ?? null,
  runCount: wire.run_count,
  startTime: wire.start_time ?? null,
  endTime: wire.end_time ?? null,
  expectedStartTime: wire.expected_start_time ?? null,
  nextScheduledStartTime: wire.next_scheduled_start_time ?? null,
  totalRunTime: wire.total_run_time,
});
