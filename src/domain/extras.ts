import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from './identifiers';
import type { Json } from './json';

/** What a client sent along that nothing here decides by, under its names on the wire: kept, and answered as it was sent. */
export type Extras = Readonly<Record<string, Json>>;

/** What extras belong to. */
export type ExtrasOwner =
  | { kind: 'flow'; id: FlowId }
  | { kind: 'deployment'; id: DeploymentId }
  | { kind: 'flowRun'; id: FlowRunId }
  | { kind: 'taskRun'; id: TaskRunId };

/** Extras, and what they belong to. */
export interface OwnedExtras {
  owner: ExtrasOwner;
  extras: Extras;
}
