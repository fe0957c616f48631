import type { BulkOperation, BulkOperationItem } from '../../../domain/bulkOperation';
import type { BulkOperationPause } from '../../../domain/bulkOperationEnums';
import type { FlowRunId } from '../../../domain/identifiers';
import type { Instant } from '../../../domain/instant';
import type { Sending, SendingOutcome } from '../../../domain/sending';
import { writeItems } from '../../../persistence/operations/items';
import { findOperation, lockOperation } from '../../../persistence/operations/operations';
import { type StoredSending, writeSendings } from '../../../persistence/operations/sendings';
import type { Services } from '../../../transitions/services';
import { CredentialsRefusedError, type TransitionSender } from '../../../transitions/transitionSender';
import { reportStatus } from '../../reportStatus';
import type { OperationSettings } from '../../settings';
import type { ItemVerdict } from '../itemVerdicts';
import { awaySeconds } from '../orWaitForServer';
import type { Turn } from '../turn';
import {
  type ClaimedBatch,
  claimBatch,
  isClaimValid,
  isStillClaimed,
  releaseBatch,
  whileClaimed,
} from './claimBatch';
import { type ItemFate, judgeOutcome } from './judgeOutcome';
import { prepareBatch } from './prepareBatch';
import type { PreparedItems } from './prepareSendings';
import { type SendingJob, sendAll } from './sendAll';
import { settleSendings } from './settleSendings';

/** How many batches' worth of calls are under way at once: enough that the last calls of a batch do not hold up many others. */
const callsAtOnce = 8;
/** How often a worker that sends looks whether the operation is still running. */
const lookMilliseconds = 1000;
/** How many runs in a row the server may fail on before the operation pauses. */
const maxServerFailures = 20;

/** Writes down what is about to be sent; false where the operation does not run any more, or the batch is another's. */
const markAsSending = (
  { database }: Services,
  claimed: ClaimedBatch,
  sendings: ReadonlyMap<FlowRunId, Sending>,
): Promise<boolean> =>
  database.transaction(async connection => {
    const { operationId } = claimed.batch;
    if (!(await isStillClaimed(connection, claimed))) return false;
    const operation = await lockOperation(connection, operationId);
    if (operation?.status !== 'RUNNING') return false;
    const changes = claimed.items
      .filter(item => sendings.has(item.flowRunId))
      .map(before => ({ before, after: { ...before, status: 'SENDING' as const } }));
    await writeItems(database, connection, operationId, changes);
    const first = { tries: 0, failuresAlike: 0, lastFailure: null, settled: null, movedAnotherState: false };
    const rows = [...sendings].map(([flowRunId, content]) => ({ operationId, flowRunId, content, ...first }));
    await writeSendings(connection, operationId, rows);
    return true;
  });

/** Marks the items of a batch as they are stored by now: only what differs from it is written later. */
function showAsSending(claimed: ClaimedBatch, sendings: ReadonlyMap<FlowRunId, Sending>): void {
  claimed.items = claimed.items.map(item =>
    sendings.has(item.flowRunId) ? { ...item, status: 'SENDING' } : item,
  );
}

/** Asks at most once a second whether the operation runs. */
function watchStatus({ database, monotonicClock }: Services, { id, status }: BulkOperation) {
  let isRunning = status === 'RUNNING';
  let checkedAt = monotonicClock();
  return async (): Promise<boolean> => {
    if (!isRunning || monotonicClock() - checkedAt < lookMilliseconds) return isRunning;
    checkedAt = monotonicClock();
    isRunning = (await findOperation(database.primary, id))?.status === 'RUNNING';
    return isRunning;
  };
}

/** Counts on how many runs in a row the server failed, by operation. */
export type ServerFailures = Map<BulkOperation['id'], number>;

function pauseFor(
  operation: BulkOperation,
  outcomes: ReadonlyMap<FlowRunId, SendingOutcome>,
  verdicts: readonly ItemVerdict[],
  serverFailures: ServerFailures,
): BulkOperationPause | null {
  for (const { code } of verdicts)
    serverFailures.set(
      operation.id,
      code === 'UPSTREAM_FAILED' || code === 'UPSTREAM_UNKNOWN'
        ? (serverFailures.get(operation.id) ?? 0) + 1
        : 0,
    );
  if ([...outcomes.values()].some(({ kind }) => kind === 'refused')) return 'UPSTREAM_REFUSED';
  if ((serverFailures.get(operation.id) ?? 0) < maxServerFailures) return null;
  serverFailures.delete(operation.id);
  return 'UPSTREAM_UNREACHABLE';
}

/** The items of a claimed batch that were never sent; those of an interrupted worker may be. */
const unsentOf = ({ items, sendings }: ClaimedBatch): BulkOperationItem[] =>
  items.filter(item => !sendings.has(item.flowRunId));

/** Prepares what was never sent; nothing of it where the server does not accept the credentials. */
async function prepare(
  services: Services,
  sender: TransitionSender,
  operation: BulkOperation,
  claimed: ClaimedBatch,
): Promise<{ prepared: PreparedItems; isRefused: boolean }> {
  try {
    const prepared = await prepareBatch(services, sender, operation, unsentOf(claimed));
    return { prepared, isRefused: false };
  } catch (error) {
    if (!(error instanceof CredentialsRefusedError)) throw error;
    services.reportUnavailable('an operation pauses', error);
    return { prepared: { sendings: new Map(), verdicts: new Map() }, isRefused: true };
  }
}

/** A transition that an interrupted worker left behind without a word may have been sent until its claim ended. */
const asTaken = ({ content, tries }: StoredSending, now: Instant): Sending =>
  tries === 0 ? { ...content, lastTried: now } : content;

/** A transition after another try. */
const afterTry = (sending: Sending, outcome: SendingOutcome | undefined): Sending =>
  outcome?.kind === 'unknown' && outcome.tried ? { ...sending, lastTried: outcome.tried } : sending;

async function sendClaimed(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  sender: TransitionSender,
  claimed: ClaimedBatch,
  serverFailures: ServerFailures,
): Promise<number> {
  const { prepared, isRefused } = await prepare(services, sender, operation, claimed);
  if (prepared.sendings.size > 0 && !(await markAsSending(services, claimed, prepared.sendings))) {
    await releaseBatch(services, claimed, 0);
    return 0;
  }
  showAsSending(claimed, prepared.sendings);
  const earlier = [...claimed.sendings.values()].map(sending => asTaken(sending, services.clock()));
  const jobs: SendingJob[] = [
    ...earlier.map(sending => ({ sending, wasSent: true })),
    ...[...prepared.sendings.values()].map(sending => ({ sending, wasSent: false })),
  ];
  const isRunning = watchStatus(services, operation);
  const mayBegin = async () => isClaimValid(services, claimed, sender.maxCallSeconds) && isRunning();
  const outcomes = await sendAll(sender, jobs, mayBegin);
  const fates = new Map<FlowRunId, ItemFate>();
  for (const { sending } of jobs) {
    const { flowRunId } = sending;
    const outcome = outcomes.get(flowRunId);
    if (outcome === undefined) throw new Error('a transition was not sent');
    fates.set(flowRunId, judgeOutcome(operation, sending, claimed.sendings.get(flowRunId), outcome));
  }
  for (const { flowRunId } of unsentOf(claimed))
    if (!fates.has(flowRunId) && !prepared.verdicts.has(flowRunId))
      fates.set(flowRunId, { kind: 'pendingAgain', afterSeconds: 0 });
  await sender
    .refresh([...fates].filter(([, fate]) => fate.kind === 'settled').map(([id]) => id))
    .catch((error: unknown) => services.reportUnavailable('the mirror shows moved runs later', error));
  const written = [...outcomes].flatMap(([flowRunId, outcome]) =>
    outcome.kind === 'decided' && outcome.written ? [{ flowRunId, state: outcome.written }] : [],
  );
  const sendings = new Map(
    jobs.map(({ sending }) => [sending.flowRunId, afterTry(sending, outcomes.get(sending.flowRunId))]),
  );
  const { verdicts } = prepared;
  const settled = [...fates.values()].flatMap(fate => (fate.kind === 'settled' ? [fate.verdict] : []));
  const unread = [...verdicts.values()].filter(({ code }) => code === 'UPSTREAM_FAILED');
  const pause = isRefused
    ? 'UPSTREAM_REFUSED'
    : pauseFor(operation, outcomes, [...unread, ...settled], serverFailures);
  const sent = { verdicts, sendings, fates, written, pause };
  const status = await settleSendings(services, settings, operation, claimed, sent);
  services.operationSignals.notify(operation.id);
  if (status) reportStatus(services, operation, status);
  return verdicts.size + settled.length;
}

/**
 * Sends the next batch of an operation to the Prefect server: claims it, decides its items on rows that are up to date, writes
 * down what it is about to send, sends it, and records what became of it. Whatever a worker that was interrupted has sent is
 * found in the ledger, and looked after first.
 *
 * @throws SwitchyardError UNAVAILABLE where the server cannot be asked now; the batch is tried again later.
 */
export async function sendNextBatch(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  sender: TransitionSender,
  wanted: number,
  serverFailures: ServerFailures,
): Promise<Turn> {
  const size = Math.min(wanted, sender.inFlight * callsAtOnce);
  // It outlasts each call that is begun within `claimSeconds`.
  const claiming = { ...settings, claimSeconds: settings.claimSeconds + sender.maxCallSeconds };
  const claimed = await claimBatch(services, claiming, operation, size);
  if (claimed === null) return { done: 0, until: null };
  try {
    const times = { claimSeconds: claiming.claimSeconds, everySeconds: settings.claimSeconds / 3 };
    const done = await whileClaimed(services, times, claimed, () =>
      sendClaimed(services, settings, operation, sender, claimed, serverFailures),
    );
    return { done, until: null };
  } catch (error) {
    await releaseBatch(services, claimed, awaySeconds);
    throw error;
  }
}
