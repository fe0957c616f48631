import { v4 } from 'uuid';
import type { FlowRunId } from '../../domain/identifiers';
import type { Sending, SendingOutcome } from '../../domain/sending';
import type { State } from '../../domain/state';
import { minimalPolicy } from '../../orchestration/policies';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import { findNewestMatching } from '../../persistence/flowRuns/matchingFlowRuns';
import { storeStates } from '../../persistence/mirror/storeStates';
import { type DecidedBatch, decideFlowRuns } from '../../transitions/decideFlowRuns';
import { ruleStrategy } from '../../transitions/decisionStrategy';
import { makeSending, noStateReason } from '../../transitions/makeSending';
import { abort, type OrchestrationResult } from '../../transitions/orchestrationResult';
import { resultsOf } from '../../transitions/resultsOf';
import type { Services } from '../../transitions/services';
import type { TransitionRequest } from '../../transitions/transitionRequest';
import { reportOf, type TransitionSender, type UnreadRuns } from '../../transitions/transitionSender';
import { findRefusals } from './refusals';
import { sendUntil } from './sendUntil';

/** How the runs of one call are moved. */
interface CallOptions {
  sender: TransitionSender;
  /** Milliseconds from the beginning of the call after which what is not known is reported as unknown. */
  callMilliseconds: number;
}

/**
 * The result of one run, by what is known of its transition. For items of operations, which are tried again,
 * `operations/worker/sending/judgeOutcome.ts` decides it.
 */
function resultOf(
  { flowRunId }: Sending,
  outcome: SendingOutcome,
  before: State | null,
): OrchestrationResult {
  switch (outcome.kind) {
    case 'decided': {
      const { status, code, reason, delaySeconds, written } = outcome;
      const state = written ?? before;
      const known = { flowRunId, state, written: written !== null, trace: [] };
      if (status === 'ACCEPT') return { ...known, verdict: { status } };
      const why = { code: code ?? 'UPSTREAM', reason: reason ?? '' } as const;
      if (status === 'WAIT')
        return { ...known, verdict: { status, ...why, delaySeconds: delaySeconds ?? 0 } };
      return { ...known, verdict: { status, ...why } };
    }
    case 'unknown': {
      const advice = 'The run may have been moved, or may still be: check it before you repeat the call.';
      return abort(flowRunId, 'UPSTREAM_UNKNOWN', `${outcome.cause} ${advice}`, before);
    }
    case 'notSent':
    case 'refused':
      return abort(flowRunId, 'UPSTREAM', `${outcome.cause} The run was not moved.`, before);
  }
}

/** Makes the transitions of the runs that the server is to decide, and the results of those that it is not. */
async function sortRuns(
  services: Services,
  request: TransitionRequest,
  { batch, runs, now }: DecidedBatch,
  unread: UnreadRuns,
) {
  const { proposal, policy } = request;
  const force = policy === minimalPolicy;
  const moves = [...runs.values()].map(run => ({ run, proposal, force, isUndo: false }));
  const refusals = await findRefusals(services.database.primary, moves);
  const sendings: Sending[] = [];
  const results = new Map<FlowRunId, OrchestrationResult>();
  for (const decision of batch.decisions) {
    const { flowRunId } = decision;
    const run = runs.get(flowRunId);
    if (run === undefined) continue;
    const sending = makeSending(run, decision, {
      transitionId: proposal.stateDetails?.transitionId ?? v4(),
      proposal,
      force,
      sent: now,
    });
    const refusal = refusals.get(flowRunId) ?? (sending === null ? noStateReason : null);
    const failure = unread.get(flowRunId);
    if (failure !== undefined) {
      const { code, reason } = reportOf(failure);
      results.set(flowRunId, abort(flowRunId, code, reason, run.state));
    } else if (sending === null || refusal !== null)
      results.set(flowRunId, abort(flowRunId, 'UPSTREAM', refusal ?? noStateReason, run.state));
    else sendings.push(sending);
  }
  return { sendings, results };
}

/**
 * Moves the runs of one call in the Prefect server: chooses them in the mirror, reads them again, decides each by the rules
 * here, and sends each with a guard. The server has the last word.
 *
 * @throws SwitchyardError UNAVAILABLE where the server cannot be asked; nothing was sent then.
 */
export async function moveThroughServer(
  services: Services,
  request: TransitionRequest,
  options: CallOptions,
): Promise<OrchestrationResult[]> {
  const { database } = services;
  const { runs, filter, author } = request;
  const deadline = performance.now() + options.callMilliseconds;
  const ids =
    'newest' in runs ? await findNewestMatching(database, database.primary, filter, runs.newest) : runs;
  const unread = await options.sender.refresh(ids);
  // The server sees this gateway as a caller that renews no leases.
  const strategy = ruleStrategy(services, { ...request, callerRenewsLeases: false });
  const asked = { ...strategy, runs: ids, filter };
  const decided = await decideFlowRuns(
    services,
    database.primary,
    { ...asked, isEligible: ({ matches }) => matches },
    'none',
    0,
  );
  const { sendings, results } = await sortRuns(services, request, decided, unread);
  const outcomes = await sendUntil(options.sender, sendings, deadline);
  for (const sending of sendings) {
    const outcome = outcomes.get(sending.flowRunId);
    const before = decided.runs.get(sending.flowRunId)?.state ?? null;
    if (outcome) results.set(sending.flowRunId, resultOf(sending, outcome, before));
  }
  const written = [...results.values()].flatMap(({ flowRunId, state, written: isNew }) =>
    isNew && state ? [{ flowRunId, state: { ...state, ...author } }] : [],
  );
  // The runs were moved: whatever fails from here on must not hide that from the caller.
  await retryOnDuplicateKey(database, () =>
    database.transaction(connection => storeStates(database, connection, written)),
  ).catch((error: unknown) => services.reportError('who moved some runs could not be stored', error));
  await options.sender
    .refresh(written.map(({ flowRunId }) => flowRunId))
    .catch((error: unknown) => services.reportUnavailable('the mirror shows moved runs later', error));
  return resultsOf(decided).map(result => results.get(result.flowRunId) ?? result);
}
