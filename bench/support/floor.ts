import { createRandom } from './random';
import { instant, marks, type Row, type Store, type Value } from './store';

/** The same change by hand, on tables of its own. */
export interface Floor {
  accepted(ids: readonly string[]): Promise<void>;
  declined(ids: readonly string[]): Promise<void>;
}

const random = createRandom(1);
const readColumns = [
  'id',
  'deployment_id',
  'infrastructure_pid',
  'state_id',
  'state_type',
  'state_name',
  'state_timestamp',
  'run_count',
  'start_time',
  'total_run_time',
].map(column => `run.${column}`);

const update = {
  server: (run: string, state: string, ids: string) =>
    `UPDATE ${run} run JOIN ${state} state ON state.flow_run_id = run.id AND state.id IN (${ids}) ` +
    'SET run.state_id = state.id, run.state_type = state.type, run.state_name = state.name, ' +
    'run.state_timestamp = state.timestamp, run.updated = state.timestamp, run.total_run_time = run.total_run_time + ?',
  embedded: (run: string, state: string, ids: string) =>
    `UPDATE ${run} SET state_id = state.id, state_type = state.type, state_name = state.name, ` +
    `state_timestamp = state.timestamp, updated = state.timestamp, total_run_time = total_run_time + ? ` +
    `FROM ${state} state WHERE state.id IN (${ids}) AND state.flow_run_id = ${run}.id`,
};

/** The floor on tables named like those of the product, with a suffix. */
export function createFloor(store: Store, suffix: string): Floor {
  const run = `flow_run${suffix}`;
  const state = `flow_run_state${suffix}`;
  const isServer = store.kind === 'server';
  const begin = isServer ? 'START TRANSACTION' : 'BEGIN IMMEDIATE';
  const readAll = async (ids: readonly string[], columns = readColumns, join = ''): Promise<Row[]> => {
    const rows = await store.all(
      `SELECT ${columns.join(', ')} FROM ${run} run ${join}` +
        `WHERE run.id IN (${marks(ids)}) AND run.state_type IN ('RUNNING') ORDER BY run.id` +
        (isServer ? ' FOR UPDATE' : ''),
      ids,
    );
    if (rows.length !== ids.length) throw new Error(`the floor found ${rows.length} of ${ids.length} runs`);
    return rows;
  };
  return {
    async declined(ids) {
      await store.run(begin);
      // The answer tells of the state that each run stays in, and its message is in a table of its own.
      const join = `JOIN ${state} state ON state.id = run.state_id `;
      await readAll(ids, [...readColumns, 'state.message'], join);
      await store.run('COMMIT');
    },
    async accepted(ids) {
      await store.run(begin);
      const rows = await readAll(ids);
      const now = Date.now();
      const timestamp = instant(now);
      const states = rows.map((row): Value[] => [
        random.id(now),
        'CANCELLING',
        'Cancelling',
        timestamp,
        'Stopped by hand.',
        null,
        '{}',
        row.id ?? null,
      ]);
      await store.run(
        `INSERT INTO ${state} (id, type, name, timestamp, message, data, state_details, flow_run_id) ` +
          `VALUES ${states.map(values => `(${marks(values)})`).join(', ')}`,
        states.flat(),
      );
      const stateIds = states.map(([id]) => id ?? null);
      const sql = update[store.kind](run, state, marks(stateIds));
      await store.run(sql, isServer ? [...stateIds, 3.5] : [3.5, ...stateIds]);
      await store.run('COMMIT');
    },
  };
}

/** Copies the tables that the floor works on, with their indexes, beside those of the product. */
export async function copyTables(store: Store, suffix: string): Promise<void> {
  for (const table of ['flow_run', 'flow_run_state']) {
    await store.run(`CREATE TABLE ${table}${suffix} LIKE ${table}`);
    const columns = await store.all(`SHOW COLUMNS FROM ${table}`);
    const names = columns
      .filter(column => !/GENERATED/i.test(String(column.Extra)))
      .map(column => column.Field)
      .join(', ');
    await store.run(`INSERT INTO ${table}${suffix} (${names}) SELECT ${names} FROM ${table} ORDER BY id`);
    await store.all(`ANALYZE TABLE ${table}${suffix}`);
  }
}
