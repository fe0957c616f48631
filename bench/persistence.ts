import { randomUUID } from 'node:crypto';
import { IsNull } from 'typeorm';
import type { BulkOperationId, FlowRunId, StateId } from '../src/domain/identifiers';
import type { Instant } from '../src/domain/instant';
import { ownAuthor } from '../src/domain/state';
import { itemOf } from '../src/operations/selection/selectionStep';
import { type Database, openDatabase } from '../src/persistence/connection/database';
import { insertRows } from '../src/persistence/connection/hotInsertRows';
import { updateRows } from '../src/persistence/connection/hotUpdateRows';
import { lockRows } from '../src/persistence/connection/lockRows';
import type { SqlExecutor } from '../src/persistence/connection/statements';
import { BulkOperationBatchEntity, BulkOperationItemEntity } from '../src/persistence/entities/bulkOperation';
import { FlowRunEntity } from '../src/persistence/entities/flowRun';
import { FlowRunStateEntity } from '../src/persistence/entities/state';
import { applyFlowRunFilter } from '../src/persistence/filter/applyFlowRunFilter';
import { compileFlowRunFilter } from '../src/persistence/filter/compileFlowRunFilter';
import { findFlowRunFacts } from '../src/persistence/flowRuns/hotLockedFlowRunFacts';
import { takeBatchAt } from '../src/persistence/operations/batches';
import type { Kind } from './support/fixture';
import type { Benchmark } from './support/report';
import { summarize, timed } from './support/statistics';

const warmingRounds = 10;
const measuredRounds = 40;

type Statements = (connection: SqlExecutor) => Promise<unknown>;

/** The same work by hand-written statements and by the query builder. */
interface Comparison {
  work: string;
  rows: number;
  byHand: Statements;
  byBuilder: Statements;
}

// TypeORM's type of what is written goes into JSON, which has no end.
const untyped = (rows: object[]): object[] => rows;

class RolledBack extends Error {}

/** Times statements in a transaction that changes nothing in the end. */
async function timedAndUndone(database: Database, statements: Statements): Promise<number> {
  let time = 0;
  await database
    .transaction(async connection => {
      time = await timed(() => statements(connection));
      throw new RolledBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  return time;
}

const instantOf = (index: number): Instant =>
  `2026-11-25T10:00:00.${String(index).padStart(6, '0')}Z` as Instant;

const stateRows = (ids: readonly string[]) =>
  ids.map((id, index) => ({
    id: randomUUID() as StateId,
    type: 'CANCELLING' as const,
    name: 'Cancelling',
    timestamp: instantOf(index),
    message: 'by the bench',
    data: null,
    stateDetails: { flowRunId: id as FlowRunId },
    flowRunId: id as FlowRunId,
    messageLowered: null,
    ...ownAuthor,
  }));

function compareStates(ids: readonly string[]): Comparison {
  return {
    work: 'insert states',
    rows: ids.length,
    byHand: connection => insertRows(connection, FlowRunStateEntity, stateRows(ids)),
    byBuilder: connection =>
      connection
        .getRepository(FlowRunStateEntity)
        .createQueryBuilder()
        .insert()
        .values(untyped(stateRows(ids)))
        .updateEntity(false)
        .execute(),
  };
}

const { columns } = FlowRunEntity;
const movedColumns = {
  tableName: FlowRunEntity.tableName,
  columns: {
    stateId: columns.stateId,
    stateType: columns.stateType,
    stateName: columns.stateName,
    stateTimestamp: columns.stateTimestamp,
    updated: columns.updated,
  },
};

const before = {
  stateId: null,
  stateType: null,
  stateName: null,
  stateTimestamp: null,
  updated: instantOf(0),
};

const movedRow = (index: number) => ({
  stateId: randomUUID() as StateId,
  stateType: 'CANCELLING' as const,
  stateName: 'Cancelling',
  stateTimestamp: instantOf(index),
  updated: instantOf(1),
});

function compareRuns(database: Database, ids: readonly string[]): Comparison {
  return {
    work: 'update run columns',
    rows: ids.length,
    byHand: connection =>
      updateRows(
        connection,
        database.dialect,
        movedColumns,
        ids.map((key, index) => ({ key, before, after: movedRow(index) })),
      ),
    // It has no update of rows that get different values.
    async byBuilder(connection) {
      const repository = connection.getRepository(FlowRunEntity);
      for (const [index, id] of ids.entries())
        await repository
          .createQueryBuilder()
          .update()
          .set(movedRow(index))
          .where('id = :id', { id })
          .execute();
    },
  };
}

function compareItems(ids: readonly string[]): Comparison[] {
  const operationId = randomUUID() as BulkOperationId;
  const items = ids.map((id, index) => itemOf({ id: operationId }, index + 1, id as FlowRunId, {}));
  const insert: Statements = connection => insertRows(connection, BulkOperationItemEntity, items);
  return [
    {
      work: 'insert items of an operation',
      rows: items.length,
      byHand: insert,
      byBuilder: connection =>
        connection
          .getRepository(BulkOperationItemEntity)
          .createQueryBuilder()
          .insert()
          .values(items)
          .updateEntity(false)
          .execute(),
    },
  ];
}

/** The locked read of a bulk call, by filter. */
const compareLockedReads = (database: Database, ids: readonly string[]): Comparison => {
  const filter = { id: { any: ids as FlowRunId[] }, state: { type: { any: ['RUNNING' as const] } } };
  return {
    work: 'lock runs that match',
    rows: ids.length,
    byHand: connection => findFlowRunFacts(database, connection, { newest: ids.length }, filter, 'noWait'),
    byBuilder(connection) {
      const newest = database.writer.createQueryBuilder(FlowRunEntity, 'run').select('run.id', 'id');
      applyFlowRunFilter(newest, filter).orderBy('run.id', 'DESC').limit(ids.length);
      const locked = connection
        .getRepository(FlowRunEntity)
        .createQueryBuilder('run')
        .innerJoin(`(${newest.getQuery()})`, 'picked', 'picked.id = run.id')
        .leftJoinAndMapOne(
          'run.currentState',
          FlowRunStateEntity.options.name,
          'state',
          'state.id = run.stateId',
        )
        .setParameters(newest.getParameters())
        .orderBy('run.id');
      return lockRows(locked, 'noWait').getMany();
    },
  };
};

/** The condition of a bulk call, which is compiled in each call; nothing is sent. */
const compareFilters = ({ dialect }: Database, ids: readonly string[]): Comparison => {
  const filter = { id: { any: ids as FlowRunId[] }, state: { type: { any: ['RUNNING' as const] } } };
  return {
    work: 'compile a filter',
    rows: ids.length,
    byHand: async () => compileFlowRunFilter(dialect, filter),
    byBuilder: async connection =>
      applyFlowRunFilter(
        connection.getRepository(FlowRunEntity).createQueryBuilder('run'),
        filter,
      ).getQueryAndParameters(),
  };
};

/** A short statement of a worker's turn, whose text `fixedSelect` puts together once: here no batch is found. */
function compareShortReads(): Comparison {
  const operationId = randomUUID() as BulkOperationId;
  return {
    work: 'look for a batch',
    rows: 0,
    byHand: connection => takeBatchAt(connection, operationId, 1, 'decided'),
    byBuilder: connection =>
      lockRows(
        connection
          .getRepository(BulkOperationBatchEntity)
          .createQueryBuilder('batch')
          .where({ operationId, firstOrdinal: 1, decided: IsNull() }),
        'skipLocked',
      ).getOne(),
  };
}

async function measure(database: Database, kind: Kind, { work, rows, byHand, byBuilder }: Comparison) {
  const times = { byHand: [] as number[], byBuilder: [] as number[] };
  for (let round = 0; round < warmingRounds + measuredRounds; round++) {
    // Each goes first as often as the other.
    const order = round % 2 === 0 ? (['byHand', 'byBuilder'] as const) : (['byBuilder', 'byHand'] as const);
    for (const way of order) {
      const time = await timedAndUndone(database, way === 'byHand' ? byHand : byBuilder);
      if (round >= warmingRounds) times[way].push(time);
    }
  }
  const [hand, builder] = [summarize(times.byHand), summarize(times.byBuilder)];
  return {
    database: kind,
    work,
    rows,
    'hand p50 ms': hand.p50,
    'builder p50 ms': builder.p50,
    'builder / hand': builder.p50 / hand.p50,
  };
}

/** Each statement that is written by hand beside what the query builder sends for the same work. */
export const persistence: Benchmark = async (workshop, print) => {
  for (const kind of ['server', 'embedded'] as const) {
    const fixture = await workshop.fixture(kind, 10_000);
    const database = await openDatabase({ url: fixture.url });
    try {
      const sets = fixture.takeSets(20);
      const fifty = sets[0] ?? [];
      const comparisons = [
        compareStates(fifty),
        compareRuns(database, fifty),
        ...compareItems(sets.flat()),
        compareLockedReads(database, fifty),
        compareFilters(database, fifty),
        compareShortReads(),
      ];
      for (const comparison of comparisons) print(await measure(database, kind, comparison));
    } finally {
      await database.close();
    }
  }
};
