import { slicesOf } from '../../src/platform/slicesOf';
import { createRandom } from './random';
import { instant, marks, type Row, type Store, type Value } from './store';

const batchSize = 1000;
const random = createRandom(3);

const itemColumns = [
  'operation_id',
  'ordinal',
  'flow_run_id',
  'depth',
  'is_match',
  'status',
  'previous_state_id',
  'state_id',
  'before_transition',
  'attempts',
  'decided',
  'batch',
  'place',
];

const update = {
  server: (suffix: string, ids: string) =>
    `UPDATE flow_run${suffix} run JOIN flow_run_state${suffix} state ON state.flow_run_id = run.id AND state.id IN (${ids}) ` +
    'SET run.state_id = state.id, run.state_type = state.type, run.state_name = state.name, ' +
    'run.state_timestamp = state.timestamp, run.updated = state.timestamp, run.end_time = state.timestamp',
  embedded: (suffix: string, ids: string) =>
    `UPDATE flow_run${suffix} SET state_id = state.id, state_type = state.type, state_name = state.name, ` +
    'state_timestamp = state.timestamp, updated = state.timestamp, end_time = state.timestamp ' +
    `FROM flow_run_state${suffix} state WHERE state.id IN (${ids}) AND state.flow_run_id = flow_run${suffix}.id`,
};

/** Makes what the floor writes to beside runs and states: the ledger with the product's own columns and indexes, and counts. */
export async function makeLedger(store: Store, suffix: string): Promise<void> {
  if (store.kind === 'server')
    await store.run(`CREATE TABLE IF NOT EXISTS bulk_operation_item${suffix} LIKE bulk_operation_item`);
  await store.run(
    `CREATE TABLE IF NOT EXISTS floor_counts${suffix} (id CHAR(36) PRIMARY KEY, accepted INT NOT NULL)`,
  );
}

/**
 * Moves these runs by hand, on one connection: batches of 1000, each in one transaction with the runs' locks in the order of
 * their ids, one INSERT of states, one joined UPDATE, one INSERT of ledger items, and the counts.
 */
export async function moveByHand(
  store: Store,
  suffix: string,
  ids: readonly string[],
  state: { type: string; name: string },
): Promise<void> {
  const isServer = store.kind === 'server';
  const operationId = random.id(Date.now());
  await store.run(`INSERT INTO floor_counts${suffix} VALUES (?, 0)`, [operationId]);
  for (let from = 0; from < ids.length; from += batchSize) {
    const batch = ids.slice(from, from + batchSize);
    await store.run(isServer ? 'START TRANSACTION' : 'BEGIN IMMEDIATE');
    const rows: Row[] = await store.all(
      `SELECT id, state_id, state_type, state_timestamp, run_count, start_time, end_time, total_run_time ` +
        `FROM flow_run${suffix} WHERE id IN (${marks(batch)}) ORDER BY id${isServer ? ' FOR UPDATE' : ''}`,
      batch,
    );
    const now = Date.now();
    const timestamp = instant(now);
    const states = rows.map((row): Value[] => [
      random.id(now),
      state.type,
      state.name,
      timestamp,
      'A benchmark.',
      null,
      `{"flowRunId":"${row.id}"}`,
      row.id ?? null,
    ]);
    await insert(store, `flow_run_state${suffix}`, stateColumns, states);
    const stateIds = states.map(([id]) => id ?? null);
    await store.run(update[store.kind](suffix, marks(stateIds)), stateIds);
    const items = rows.map((row, place): Value[] => [
      operationId,
      from + place + 1,
      row.id ?? null,
      0,
      1,
      'ACCEPT',
      row.state_id ?? null,
      stateIds[place] ?? null,
      '{"columns":{"endTime":null}}',
      1,
      timestamp,
      from + 1,
      place,
    ]);
    await insert(store, `bulk_operation_item${suffix}`, itemColumns, items);
    await store.run(`UPDATE floor_counts${suffix} SET accepted = accepted + ? WHERE id = ?`, [
      rows.length,
      operationId,
    ]);
    await store.run('COMMIT');
  }
}

const stateColumns = ['id', 'type', 'name', 'timestamp', 'message', 'data', 'state_details', 'flow_run_id'];

/** One INSERT of many rows, or where the database takes fewer values at once, as many as it needs. */
async function insert(
  store: Store,
  table: string,
  columns: readonly string[],
  rows: readonly Value[][],
): Promise<void> {
  const rowsAtOnce = store.kind === 'server' ? rows.length : Math.floor(32_000 / columns.length);
  for (const some of slicesOf(rows, rowsAtOnce)) {
    await store.run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${some.map(values => `(${marks(values)})`).join(', ')}`,
      some.flat(),
    );
  }
}
