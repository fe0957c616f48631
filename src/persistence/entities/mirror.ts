import type { BulkOperationId, DeploymentId, FlowRunId } from '../../domain/identifiers';
import type { MirrorPhase } from '../../domain/mirror';
import type { Sending } from '../../domain/sending';
import {
  flag,
  instant,
  integer,
  json,
  longText,
  nullable,
  primary,
  seconds,
  TableSchema,
  text,
  uuid,
  word,
} from './columns';

/** How far the mirror is: one row. */
export const MirrorEntity = new TableSchema('Mirror', 'mirror', {
  id: primary(integer('id')),
  address: text('address', 1024),
  phase: word<MirrorPhase>('phase'),
  walk: integer('walk'),
  walkStarted: nullable(instant('walk_started')),
  walkAfter: nullable(instant('walk_after')),
  lastWalk: nullable(instant('last_walk')),
  lastSweep: nullable(instant('last_sweep')),
  lastEvent: nullable(instant('last_event')),
  lagSeconds: nullable(seconds('lag_seconds')),
  mispredicted: integer('mispredicted'),
  unreadable: integer('unreadable'),
  updated: instant('updated'),
});

/** How old the copy of each run is, and which walk met it last. */
export const MirroredFlowRunEntity = new TableSchema('MirroredFlowRun', 'mirrored_flow_run', {
  flowRunId: primary(uuid<FlowRunId>('flow_run_id')),
  /** When the server was asked for it. */
  readAt: instant('read_at'),
  walk: integer('walk'),
});

/** What deployments of a server have beside what deployments here have. */
export const MirroredDeploymentEntity = new TableSchema('MirroredDeployment', 'mirrored_deployment', {
  deploymentId: primary(uuid<DeploymentId>('deployment_id')),
  isLimitActive: flag('is_limit_active'),
});

/** A transition of an item that was sent to a server, until it is settled and after that. */
export const SendingEntity = new TableSchema('BulkOperationSending', 'bulk_operation_sending', {
  operationId: primary(uuid<BulkOperationId>('operation_id')),
  flowRunId: primary(uuid<FlowRunId>('flow_run_id')),
  content: json<Sending>('content'),
  tries: integer('tries'),
  /** How often in a row it failed as it did last. */
  failuresAlike: integer('failures_alike'),
  lastFailure: nullable(longText('last_failure')),
  settled: nullable(instant('settled')),
  movedAnotherState: flag('moved_another_state'),
});
