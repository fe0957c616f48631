import type { FlowRunId } from '../domain/identifiers';
import type { Instant } from '../domain/instant';
import type { Database } from './database';
import type { Dialect } from './dialect';
import { instantFromDatabase, instantToDatabase } from './entities/columns';
import type { CompiledFilter } from './filter/compile';
import { select } from './statements';

/** Runs that are PAUSED with a pause timeout before an instant. */
export const pausedUntilBefore = ({ jsonText }: Dialect, instant: Instant): CompiledFilter => ({
  sql:
    `(run.state_type = 'PAUSED' AND EXISTS (SELECT 1 FROM flow_run_state pause WHERE pause.id = run.state_id ` +
    `AND ${jsonText('pause.state_details', '$.pauseTimeout')} < :pause_timeout))`,
  parameters: { pause_timeout: instant },
});

/** Runs that are SCHEDULED, by no other name, for an instant or before it. */
export const scheduledUntil = (instant: Instant): CompiledFilter => ({
  sql:
    `(run.next_scheduled_start_time <= :scheduled_until AND run.state_type = 'SCHEDULED' ` +
    `AND run.state_name = 'Scheduled')`,
  parameters: { scheduled_until: instantToDatabase(instant) },
});

/** The place of a run in the order of scheduled times. */
export interface ScheduledPlace {
  time: Instant;
  id: FlowRunId;
}

/** The runs that match and are scheduled after a place, in the order of their scheduled times, which an index has. */
export async function selectScheduledLongestAgo(
  { primary }: Database,
  { sql, parameters }: CompiledFilter,
  after: ScheduledPlace | null,
  limit: number,
): Promise<ScheduledPlace[]> {
  const behind =
    'run.next_scheduled_start_time >= :time AND (run.next_scheduled_start_time > :time OR run.id > :id)';
  const rows = await select(
    primary,
    primary,
    `SELECT run.id AS id, run.next_scheduled_start_time AS time FROM flow_run run ` +
      `WHERE ${sql}${after === null ? '' : ` AND ${behind}`} ` +
      `ORDER BY run.next_scheduled_start_time, run.id LIMIT ${limit}`,
    { ...parameters, ...(after !== null && { time: instantToDatabase(after.time), id: after.id }) },
  );
  return rows.map(({ id, time }) => ({ id: id as FlowRunId, time: instantFromDatabase(String(time)) }));
}
