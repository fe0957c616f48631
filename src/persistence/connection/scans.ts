import { setImmediate } from 'node:timers/promises';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { createGate, throughGate } from './gate';
import type { DriverConnection } from './typeormDriver';

/** Reads that stand in lines of their own: counts, pages of lists, and the look-ups of those who watch state changes. */
export type ScanKind = 'counts' | 'pages' | 'changes';

/**
 * Runs a read that may look at every run. Few of a kind run at a time, so that however many are sent, connections are left
 * for what is quick and for what writes. All statements of the read use one connection.
 *
 * @param signal ends the wait in line, and ends the statement that is under way on the server.
 * @throws an error of kind `tooManyConnections` where others of its kind take too long.
 */
export type Scan = <Result>(
  kind: ScanKind,
  source: DataSource,
  read: (manager: EntityManager) => Promise<Result>,
  signal?: AbortSignal,
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

type Places = Readonly<Record<ScanKind, number>>;

const createGates = (places: Places) => ({
  counts: createGate(places.counts),
  pages: createGate(places.pages),
  changes: createGate(places.changes),
});

/** Lets so many scans of each kind run on a server. */
export function createServerScan(places: Places): Scan {
  const gates = createGates(places);
  return (kind, source, read, signal) =>
    throughGate(gates[kind], signal, () => whileWanted(source.createQueryRunner('master'), signal, read));
}

/** Lets one scan of each kind run at a time: the embedded database holds up the process while it reads. */
export function createEmbeddedScan(): Scan {
  const gates = createGates({ counts: 1, pages: 1, changes: 1 });
  return (kind, source, read, signal) =>
    throughGate(gates[kind], signal, async () => {
      try {
        return await read(source.manager);
      } finally {
        // Between two of them other requests have their turn.
        await setImmediate();
      }
    });
}
