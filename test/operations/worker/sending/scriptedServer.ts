import { v7 } from 'uuid';
import type { FlowRunId, StateId } from '../../../../src/domain/identifiers';
import type { Sending, SendingOutcome } from '../../../../src/domain/sending';
import { defaultStateName, type State } from '../../../../src/domain/state';
import type { Services } from '../../../../src/transitions/services';
import type { TransitionSender, UnreadRuns } from '../../../../src/transitions/transitionSender';

/** One call of the worker. */
export interface SenderCall {
  sending: Sending;
  /** Whether it is sent for the first time. */
  isFirst: boolean;
  /** Whether it may be sent, or sent again. */
  maySend: boolean;
  /** How often the worker has called about this run before. */
  callsBefore: number;
}

export type Script = (call: SenderCall) => SendingOutcome | Promise<SendingOutcome>;

/** A server that does what a test says, in place of a Prefect server. */
export interface ScriptedServer {
  readonly sender: TransitionSender & { maxCallSeconds: number };
  /** What it responds. */
  script: Script;
  /** Runs when the worker asks for rows that are up to date. */
  onRefresh: (ids: readonly FlowRunId[]) => Promise<UnreadRuns | void>;
  readonly calls: SenderCall[];
  /** How often each run was sent for the first time, or again by leave of the worker. */
  firstSends(): Map<FlowRunId, number>;
}

const decided = {
  kind: 'decided',
  code: null,
  reason: null,
  delaySeconds: null,
  written: null,
  movedAnotherState: false,
} as const;

const stateFor = ({ clock }: Services, { proposal: { type, name }, transitionId }: Sending): State => ({
  id: v7() as StateId,
  type,
  name: name ?? defaultStateName(type),
  timestamp: clock(),
  message: 'by the server',
  data: null,
  stateDetails: { transitionId },
  actor: null,
  bulkOperationId: null,
});

/** The outcome of a transition that the server carried out. */
export const accepted = (services: Services, sending: Sending): SendingOutcome => ({
  ...decided,
  status: 'ACCEPT',
  written: stateFor(services, sending),
});

/** The outcome of one in whose place the server wrote another state. */
export const replaced = (services: Services, sending: Sending): SendingOutcome => ({
  ...decided,
  status: 'REJECT',
  code: 'RETRYING',
  reason: 'Retrying',
  written: { ...stateFor(services, sending), type: 'SCHEDULED', name: 'AwaitingRetry', stateDetails: {} },
  movedAnotherState: true,
});

export const aborted: SendingOutcome = { ...decided, status: 'ABORT', code: 'UPSTREAM', reason: 'No.' };
export const changed: SendingOutcome = { ...aborted, code: 'CHANGED_SINCE_PLAN' };
export const mustWait: SendingOutcome = {
  ...decided,
  status: 'WAIT',
  code: 'UPSTREAM',
  reason: 'Later.',
  delaySeconds: 1,
};
export const unanswered: SendingOutcome = {
  kind: 'unknown',
  cause: 'The connection was reset.',
  isServerError: false,
  afterSeconds: 1,
};
export const serverError: SendingOutcome = { ...unanswered, cause: '500', isServerError: true };
export const refused: SendingOutcome = { kind: 'refused', cause: '401' };
export const busy: SendingOutcome = { kind: 'notSent', cause: '429', afterSeconds: 1 };

/** Makes a server that accepts everything until a test says otherwise. */
export function scriptedServer(services: Services): ScriptedServer {
  const calls: SenderCall[] = [];
  async function call(sending: Sending, isFirst: boolean, maySend: boolean): Promise<SendingOutcome> {
    const callsBefore = calls.filter(one => one.sending.flowRunId === sending.flowRunId).length;
    const made = { sending, isFirst, maySend, callsBefore };
    calls.push(made);
    return server.script(made);
  }
  const server: ScriptedServer = {
    calls,
    script: ({ sending }) => accepted(services, sending),
    onRefresh: async () => undefined,
    firstSends() {
      const counts = new Map<FlowRunId, number>();
      for (const { sending, isFirst } of calls)
        if (isFirst) counts.set(sending.flowRunId, (counts.get(sending.flowRunId) ?? 0) + 1);
      return counts;
    },
    sender: {
      inFlight: 4,
      maxCallSeconds: 0,
      refresh: async ids => (await server.onRefresh(ids)) ?? new Map(),
      send: sending => call(sending, true, true),
      resolve: (sending, mayResend) => call(sending, false, mayResend),
    },
  };
  return server;
}
