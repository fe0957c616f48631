import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { createShare, type Share } from '../../platform/shareUntilStarted';
import { createGate, throughGate } from './gate';
import type { ReadThread } from './readThread';
import { managerOnReadThread } from './readThreadRunner';
import type { DriverConnection } from './typeormDriver';

/** Reads that stand in lines of their own: counts, pages of lists, and the look-ups of those who watch state changes. */
type ScanKind = 'counts' | 'pages' | 'changes';

/** How a scan runs. */
interface ScanOptions {
  /** Ends the wait in line, and ends the statement that is under way on the server. */
  signal?: AbortSignal;
  /**
   * Equal for reads of one kind and source that return the same. Callers that wait in line with an equal name share one
   * read, so that a hundred screens with the same filter cost as much as one.
   */
  sharedAs?: string;
}

/**
 * Runs a read that may scan all runs. Few of a kind run at a time, so that however many are sent, connections are left
 * for what is quick and for what writes. All statements of the read use one connection.
 *
 * @throws an error of kind `tooManyConnections` where others of its kind take too long.
 */
export type Scan = <Result>(
  kind: ScanKind,
  source: DataSource,
  read: (manager: EntityManager) => Promise<Result>,
  options?: ScanOptions,
) => Promise<Result>;

async function whileWanted<Result>(
  runner: QueryRunner,
  signal: AbortSignal | undefined,
  read: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  try {
    const { cancel } = (await runner.connect()) as DriverConnection;
    signal?.throwIfAborted();
    signal?.addEventListener('abort', cancel);
    try {
      return await read(runner.manager);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  } finally {
    await runner.release();
  }
}

type Permits = Readonly<Record<ScanKind, number>>;

const createGates = (permits: Permits) => ({
  counts: createGate(permits.counts),
  pages: createGate(permits.pages),
  changes: createGate(permits.changes),
});

type RunRead = <Result>(
  kind: ScanKind,
  source: DataSource,
  read: (manager: EntityManager) => Promise<Result>,
  signal: AbortSignal | undefined,
) => Promise<Result>;

function createScan(permits: Permits, runRead: RunRead): Scan {
  const gates = createGates(permits);
  const shares = new WeakMap<DataSource, Share>();
  const shareOf = (source: DataSource): Share => {
    const share = shares.get(source) ?? createShare();
    shares.set(source, share);
    return share;
  };
  return (kind, source, read, { signal, sharedAs } = {}) =>
    sharedAs === undefined
      ? throughGate(gates[kind], signal, () => runRead(kind, source, read, signal))
      : shareOf(source)(`${kind} ${sharedAs}`, signal, (ownSignal, started) =>
          throughGate(gates[kind], ownSignal, () => {
            started();
            return runRead(kind, source, read, ownSignal);
          }),
        );
}

/** Limits the scans of each kind on a server. */
export const createServerScan = (permits: Permits): Scan =>
  createScan(permits, (_kind, source, read, signal) =>
    whileWanted(source.createQueryRunner('master'), signal, read),
  );

/** Lets one scan of each kind run at a time on the embedded database, in a thread: a read of all runs never blocks the process. */
export const createEmbeddedScan = (threads: Readonly<Record<ScanKind, ReadThread>>): Scan =>
  createScan({ counts: 1, pages: 1, changes: 1 }, (kind, source, read) =>
    read(managerOnReadThread(source, threads[kind])),
  );
