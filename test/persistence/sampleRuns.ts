import { type FlowRun, noStateColumns } from '../../src/domain/flowRun';
import type { FlowId, FlowRunId } from '../../src/domain/identifiers';
import { type Instant, parseInstant } from '../../src/domain/instant';
import type { Database } from '../../src/persistence/connection/database';
import { insertFlowRuns } from '../../src/persistence/flowRuns/flowRuns';

/** An id that ends in a number, so that ids rise with it. */
export const idOf = <Id extends string>(number: number): Id =>
  `00000000-0000-7000-8000-${String(number).padStart(12, '0')}` as Id;

/** An instant a number of microseconds after the beginning of the year. */
export const at = (microseconds: number): Instant =>
  parseInstant(`2026-01-01T00:00:00.${String(microseconds).padStart(6, '0')}Z`);

/** A run that has nothing but what it must have. Each has a flow of its own, so that idempotency keys may repeat. */
export const sampleRun = (number: number, given: Partial<FlowRun> = {}): FlowRun => ({
  id: idOf<FlowRunId>(number),
  name: 'run',
  flowId: idOf<FlowId>(number),
  deploymentId: null,
  workQueueName: null,
  flowVersion: null,
  tags: [],
  parameters: {},
  idempotencyKey: null,
  parentTaskRunId: null,
  createdBy: null,
  infrastructurePid: null,
  ...noStateColumns,
  policy: { retries: null, retryDelay: null, pauseKeys: [], resuming: false, retryType: null },
  created: at(0),
  updated: at(0),
  ...given,
});

/** Puts runs into a database as they are. */
export const putIn = (database: Database, runs: readonly FlowRun[]) =>
  database.transaction(runner =>
    insertFlowRuns(
      runner,
      runs.map(flowRun => ({ flowRun, state: null, extras: {} })),
    ),
  );
