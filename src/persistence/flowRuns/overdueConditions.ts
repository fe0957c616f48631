import { Brackets } from 'typeorm';
import type { Instant } from '../../domain/instant';
import type { Dialect } from '../connection/dialect';
import { instantToDatabase } from '../entities/columns';

/** Runs that are PAUSED with a pause timeout before an instant. */
export const pausedUntilBefore = ({ jsonText }: Dialect, instant: Instant): Brackets =>
  new Brackets(where =>
    where
      .where("run.stateType = 'PAUSED'")
      .andWhere(
        'EXISTS (SELECT 1 FROM flow_run_state pause WHERE pause.id = run.stateId ' +
          `AND ${jsonText('pause.state_details', '$.pauseTimeout')} < :pauseTimeout)`,
        { pauseTimeout: instant },
      ),
  );

/** Runs that are SCHEDULED, by no other name, for an instant or before it. */
export const scheduledUntil = (instant: Instant): Brackets =>
  new Brackets(where =>
    where
      .where('run.nextScheduledStartTime <= :scheduledUntil', { scheduledUntil: instantToDatabase(instant) })
      .andWhere("run.stateType = 'SCHEDULED'")
      .andWhere("run.stateName = 'Scheduled'"),
  );
