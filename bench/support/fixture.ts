import { mkdtemp } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/persistence/connection/database';
import { guardFolder } from '../../test/databases/guard';
import { startMysql } from '../../test/databases/server';
import { runsInCall } from './call';
import { copyTables, createFloor, type Floor } from './floor';
import { createRandom } from './random';
import { seed } from './seed';
import { openEmbeddedStore, openServerStore, type Store } from './store';

export type Kind = Store['kind'];

/** The embedded database where DATABASE_URL names a file, a server otherwise. */
export const kindAsked = (): Kind => (process.env.DATABASE_URL?.startsWith('file:') ? 'embedded' : 'server');

/** A seeded database, and all that is needed to measure on it. */
export interface Fixture {
  kind: Kind;
  runs: number;
  url: string;
  /** The tables of the product. */
  store: Store;
  /** Copies the tables for the floor; the first time only. */
  floor(): Promise<Floor>;
  /** Where the floor's tables are: a connection of its own, and what their names end in. */
  floorStore(): Promise<{ store: Store; suffix: string }>;
  /** Disjoint sets of running runs that nobody was given before. */
  takeSets(count: number): string[][];
}

/** What benchmarks measure on; databases are made when they are first asked for. */
export interface Workshop {
  fixture(kind: Kind, runs: number): Promise<Fixture>;
  close(): Promise<void>;
}

async function migrate(url: string): Promise<void> {
  const database = await openDatabase({ url });
  await database.migrate();
  await database.close();
}

async function setsOf(store: Store): Promise<string[][]> {
  const rows = await store.all("SELECT id FROM flow_run WHERE state_type = 'RUNNING' ORDER BY id");
  const ids = createRandom(7).shuffled(rows.map(({ id }) => String(id)));
  return Array.from({ length: Math.floor(ids.length / runsInCall) }, (_, number) =>
    ids.slice(number * runsInCall, (number + 1) * runsInCall),
  );
}

const once = <Result>(work: () => Promise<Result>): (() => Promise<Result>) => {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= work();
    return result;
  };
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Opens a workshop on the server that DATABASE_URL names, or on a private one with its own durability. Its
 * files never outlive this process, not even one that is killed.
 *
 * @param serverOptions more options for the command line of the private server.
 */
export async function openWorkshop(serverOptions: readonly string[] = []): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const guard = guardFolder(folder);
  // What a benchmark starts is ended when this process exits, which a signal alone does not make it do.
  const exit = (signal: NodeJS.Signals) => {
    console.error(`${signal} ended the benchmark before its end: no figure of it is complete`);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.once(signal, exit);
  const closing: (() => Promise<unknown>)[] = [];
  const fixtures = new Map<string, Promise<Fixture>>();

  const serverUrl = once(async () => {
    const given = process.env.DATABASE_URL ?? '';
    if (/^(mysql|mariadb):/.test(given)) return given;
    const server = await startMysql({ durable: true, options: serverOptions });
    closing.push(() => server.stop());
    return server.url;
  });

  async function onServer(runs: number): Promise<Omit<Fixture, 'takeSets' | 'runs' | 'kind'>> {
    const name = `switchyard_bench_${process.pid}_${runs}`;
    const server = await openServerStore(await serverUrl());
    await server.run(`CREATE DATABASE ${name}`);
    const url = new URL(await serverUrl());
    url.pathname = `/${name}`;
    await migrate(url.href);
    const store = await openServerStore(url.href);
    closing.push(async () => {
      await store.close();
      await server.run(`DROP DATABASE ${name}`);
      await server.close();
    });
    await seed(store, runs);
    const floor = once(async () => {
      await copyTables(store, '_floor');
      return createFloor(store, '_floor');
    });
    const floorStore = once(async () => {
      await floor();
      const own = await openServerStore(url.href);
      closing.push(() => own.close());
      return { store: own, suffix: '_floor' };
    });
    return { url: url.href, store, floor, floorStore };
  }

  async function inFile(runs: number): Promise<Omit<Fixture, 'takeSets' | 'runs' | 'kind'>> {
    const file = join(folder, `${runs}.db`);
    await migrate(`file:${file}`);
    const store = openEmbeddedStore(file);
    await seed(store, runs);
    // By the database itself, and both alike: a copy of the file would lack what is still in the log beside it, and a
    // process that closes a file gives up the locks that it holds on it elsewhere.
    await store.run('VACUUM');
    await store.run(`VACUUM INTO '${file}.floor'`);
    const floorStore = openEmbeddedStore(`${file}.floor`);
    closing.push(async () => {
      await store.close();
      await floorStore.close();
    });
    return {
      url: `file:${file}`,
      store,
      floor: async () => createFloor(floorStore, ''),
      floorStore: async () => ({ store: floorStore, suffix: '' }),
    };
  }

  async function make(kind: Kind, runs: number): Promise<Fixture> {
    console.error(`seeding ${runs.toLocaleString('en')} runs (${kind})`);
    const made = await (kind === 'server' ? onServer(runs) : inFile(runs));
    const sets = await setsOf(made.store);
    return {
      ...made,
      kind,
      runs,
      takeSets(count) {
        if (sets.length < count) throw new Error(`only ${sets.length} sets of running runs are left`);
        return sets.splice(0, count);
      },
    };
  }

  return {
    fixture(kind, runs) {
      const key = `${kind} ${runs}`;
      const fixture = fixtures.get(key) ?? make(kind, runs);
      fixtures.set(key, fixture);
      return fixture;
    },
    async close() {
      try {
        for (const close of closing.reverse()) await close();
      } finally {
        for (const signal of signals) process.off(signal, exit);
        await guard.finish();
      }
    },
  };
}
