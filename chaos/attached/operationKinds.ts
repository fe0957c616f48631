import type { SeedRun } from '../../test/harness/prefectSeed';

/** A kind of operation on the runs of a Prefect server: what it proposes, and what the server makes of it. */
export interface OperationKind {
  /** The tag of its runs, too. */
  name: string;
  run: Omit<SeedRun, 'flowId'>;
  input: Readonly<Record<string, unknown>>;
  outcome: { status: string; code: string | null };
  /** The types of the states that each run goes through. */
  history: readonly string[];
}

/** Verdicts of all sorts: accepted with and without force, and replaced by a state that does not carry the id of its transition. */
export const operationKinds: readonly OperationKind[] = [
  {
    name: 'reruns',
    run: { states: [{ type: 'FAILED' }] },
    input: { state: { type: 'SCHEDULED', name: 'AwaitingRetry' } },
    outcome: { status: 'ACCEPT', code: null },
    history: ['FAILED', 'SCHEDULED'],
  },
  {
    name: 'forced completions',
    run: { states: [{ type: 'FAILED' }] },
    input: { state: { type: 'COMPLETED' }, force: true },
    outcome: { status: 'ACCEPT', code: null },
    history: ['FAILED', 'COMPLETED'],
  },
  {
    name: 'failures that are retried instead',
    run: { states: [{ type: 'RUNNING' }], retries: 2, retryDelay: 600 },
    input: { state: { type: 'FAILED' } },
    outcome: { status: 'REJECT', code: 'RETRYING' },
    history: ['RUNNING', 'SCHEDULED'],
  },
  {
    name: 'cancellations without infrastructure',
    run: { states: [{ type: 'SCHEDULED' }] },
    input: { state: { type: 'CANCELLING' } },
    outcome: { status: 'REJECT', code: 'NO_INFRASTRUCTURE' },
    history: ['SCHEDULED', 'CANCELLED'],
  },
];
