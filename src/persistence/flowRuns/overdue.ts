import type { Instant } from '../../domain/instant';
import type { Dialect } from '../connection/dialect';
import { instantToDatabase } from '../entities/columns';
import type { CompiledFilter } from '../filter/compile';

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
