import type { Instant } from '../../domain/instant';
import type { Dialect } from '../connection/dialect';
import { instantToDatabase } from '../entities/columns';
import type { Condition } from '../filter/operators';

/** Runs that are PAUSED with a pause timeout before an instant. */
export const pausedUntilBefore =
  ({ jsonText }: Dialect, instant: Instant): Condition =>
  bind =>
    "(run.stateType = 'PAUSED' AND EXISTS (SELECT 1 FROM flow_run_state pause WHERE pause.id = run.stateId " +
    `AND ${jsonText('pause.state_details', '$.pauseTimeout')} < ${bind.value(instant)}))`;

/** Runs that are SCHEDULED, by no other name, for an instant or before it. */
export const scheduledUntil =
  (instant: Instant): Condition =>
  bind =>
    `(run.nextScheduledStartTime <= ${bind.value(instantToDatabase(instant))} ` +
    "AND run.stateType = 'SCHEDULED' AND run.stateName = 'Scheduled')";
