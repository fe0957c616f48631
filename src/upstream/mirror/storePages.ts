import { setTimeout as wait } from 'node:timers/promises';
import type { Instant } from '../../domain/instant';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { updateMirror } from '../../persistence/mirror/mirrorState';
import type { StateChangeOfRun } from '../../persistence/mirror/storeFlowRuns';
import { isFaultOfDatabase } from '../../transitions/databaseErrors';
import type { UpstreamClient } from '../client/upstreamClient';
import type { CompleteRows } from './completeRows';
import { type StoringServices, storeCompleteRows, storeWithin } from './storeCompleteRows';

/** A page of a walk. */
export interface WalkedPage {
  complete: CompleteRows;
  /** When the server was asked for it. */
  readAt: Instant;
  /** From where on a walk that is interrupted goes on; null: this was the last page. */
  next: Instant | null;
}

const pauseMilliseconds = 1;
/** How long a statement waits at most for a response that is arriving: the transaction holds up others. */
const maxPauseMilliseconds = 20;

/** What storing needs of the client. */
type StoringClient = Pick<UpstreamClient, 'unreadable' | 'isReceiving'>;

/**
 * A connection whose statements wait while a response arrives: those of the embedded database block the process, and a page takes
 * several turns of the event loop to arrive. Without that the server would wait for its reader.
 */
const withPauses = (connection: SqlExecutor, client: StoringClient): SqlExecutor => ({
  getRepository: target => connection.getRepository(target),
  async query(sql, parameters) {
    const end = performance.now() + maxPauseMilliseconds;
    do await wait(pauseMilliseconds);
    while (client.isReceiving() && performance.now() < end);
    return connection.query(sql, parameters);
  },
});

/** Stores all pages and how far the walk is in one transaction. */
async function storeTogether(
  services: StoringServices,
  client: StoringClient,
  pages: readonly WalkedPage[],
  walk: number,
): Promise<void> {
  const { database, stateChanges } = services;
  const changes = await retryOnDuplicateKey(database, () =>
    database.transaction(async connection => {
      const written: StateChangeOfRun[] = [];
      for (const { complete, readAt } of pages)
        written.push(
          ...(await storeWithin(services, withPauses(connection, client), complete, { readAt, walk })),
        );
      const next = pages.at(-1)?.next ?? null;
      if (next !== null) await updateMirror(connection, { walkAfter: next });
      return written;
    }),
  );
  stateChanges.publish(changes);
}

/**
 * Stores pages of a walk, and how far it is. All in one transaction: ids are random, so that a page changes nearly as much of the
 * indexes as four do. Where a row cannot be stored, each page is stored by itself, and the other rows are.
 *
 * @throws what the database throws where it takes no row now.
 */
export async function storePages(
  services: StoringServices,
  client: StoringClient,
  pages: readonly WalkedPage[],
  walk: number,
): Promise<void> {
  try {
    await storeTogether(services, client, pages, walk);
    for (const { complete } of pages)
      client.unreadable.forgetUnstored(complete.rows.map(({ flowRun }) => flowRun.id));
  } catch (error) {
    if (isFaultOfDatabase(error)) throw error;
    for (const { complete, readAt, next } of pages) {
      await storeCompleteRows(services, client, complete, { readAt, walk });
      if (next !== null) await updateMirror(services.database.writer, { walkAfter: next });
    }
  }
}
