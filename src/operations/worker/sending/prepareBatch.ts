import type { BulkOperation, BulkOperationItem } from '../../../domain/bulkOperation';
import { isFaultOfDatabase } from '../../../transitions/databaseErrors';
import type { Services } from '../../../transitions/services';
import type { TransitionSender } from '../../../transitions/transitionSender';
import { decideItems } from '../decideItems';
import { type IsolatedWork, isolateFailures } from '../isolateFailures';
import { failedVerdict } from '../itemVerdicts';
import { runsOf, splitByRead } from '../splitByRead';
import { type PreparedItems, prepareSendings } from './prepareSendings';

const nothing: PreparedItems = { sendings: new Map(), verdicts: new Map() };

/** Decides items; those that cannot be decided are given up, alone. */
function decide(
  services: Services,
  operation: BulkOperation,
  items: readonly BulkOperationItem[],
  before: PreparedItems,
): Promise<PreparedItems> {
  const { primary } = services.database;
  const isolated: IsolatedWork<PreparedItems> = {
    async work({ first = 0, size }, { sendings, verdicts }) {
      const part = items.slice(first, first + size);
      const decided = await decideItems(services, primary, operation, part, 'send', 0);
      const prepared = prepareSendings(operation, part, decided, services.clock());
      return {
        sendings: new Map([...sendings, ...prepared.sendings]),
        verdicts: new Map([...verdicts, ...prepared.verdicts]),
      };
    },
    async handleFailure(error, { first = 0, size }) {
      if (isFaultOfDatabase(error)) throw error;
      services.reportError('runs could not be prepared', error, { operationId: operation.id, size });
      return { first, size };
    },
    async giveUp(index, { sendings, verdicts }) {
      const item = items[index];
      if (item === undefined) throw new Error('an item that failed is none of the batch');
      return { sendings, verdicts: new Map([...verdicts, [item.flowRunId, failedVerdict]]) };
    },
  };
  return isolateFailures(isolated, { first: 0, size: items.length }, before);
}

/**
 * Decides items of a batch on rows that are up to date, and makes the transitions of those that the server is to decide. A run
 * that cannot be read again or decided gets its verdict, and holds up no other.
 *
 * @throws SwitchyardError UNAVAILABLE where the server cannot be asked now.
 */
export async function prepareBatch(
  services: Services,
  sender: TransitionSender,
  operation: BulkOperation,
  items: readonly BulkOperationItem[],
): Promise<PreparedItems> {
  if (items.length === 0 || operation.status !== 'RUNNING') return nothing;
  const { read, verdicts } = splitByRead(items, await sender.refresh(runsOf(items)));
  const prepared = { sendings: nothing.sendings, verdicts };
  return read.length === 0 ? prepared : decide(services, operation, read, prepared);
}
