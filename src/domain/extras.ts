import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from './identifiers';
import type { Json } from './json';

/**
 * Fields of a client that nothing here decides by, under their names on the wire: stored and returned as they were
 * sent.
 */
export type Extras = Readonly<Record<string, Json>>;

/** The owner of extras. */
export type ExtrasOwner =
  | { kind: 'flow'; id: FlowId }
  | { kind: 'deployment'; id: DeploymentId }
  | { kind: 'flowRun'; id: FlowRunId }
  | { kind: 'taskRun'; id: TaskRunId };

/** Extras with their owner. */
export interface OwnedExtras {
  owner: ExtrasOwner;
  extras: Extras;
}
