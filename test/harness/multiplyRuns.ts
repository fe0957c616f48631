import { randomUUID } from 'node:crypto';
import Database from 'libsql';
import { v7 } from 'uuid';

type Row = Record<string, unknown>;

const insertOf = (table: string, row: Row): string => {
  const names = Object.keys(row);
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
};

/** A time as Prefect writes it into SQLite, some seconds later. */
function later(time: unknown, seconds: number): unknown {
  if (typeof time !== 'string') return time;
  const [whole = '', fraction = ''] = time.split('.');
  const moved = new Date(new Date(`${whole.replace(' ', 'T')}Z`).getTime() + seconds * 1000);
  return `${moved.toISOString().slice(0, 19).replace('T', ' ')}.${fraction}`;
}

/**
 * Copies a run of a Prefect server with its history any number of times, straight in the database file of a server that does not
 * run: its API makes some 30 a second. Each copy was expected a second before the one before it.
 *
 * @param tags the tags of the copies; absent: those of the run.
 * @returns the ids of the copies.
 */
export function multiplyRuns(
  databaseFile: string,
  runId: string,
  copies: number,
  tags?: readonly string[],
): string[] {
  const database = new Database(databaseFile);
  try {
    // What reads one row adds a field of its own to it.
    const [run] = database.prepare('SELECT * FROM flow_run WHERE id = ?').all([runId]) as Row[];
    if (run === undefined) throw new Error(`there is no run ${runId}`);
    const states = database
      .prepare('SELECT * FROM flow_run_state WHERE flow_run_id = ? ORDER BY timestamp')
      .all([runId]) as Row[];
    const insertRun = database.prepare(insertOf('flow_run', run));
    const [first] = states;
    const insertState = first && database.prepare(insertOf('flow_run_state', first));
    const ids: string[] = [];
    // A run and its state refer to each other.
    database.exec('PRAGMA foreign_keys = OFF');
    database.exec('BEGIN');
    for (let copy = 1; copy <= copies; copy++) {
      const id = randomUUID();
      const stateIds = new Map(states.map(state => [state.id, v7()]));
      insertRun.run(
        Object.values({
          ...run,
          id,
          state_id: stateIds.get(run.state_id) ?? null,
          idempotency_key: null,
          ...(tags !== undefined && { tags: JSON.stringify(tags) }),
          expected_start_time: later(run.expected_start_time, -copy),
        }),
      );
      for (const state of states)
        insertState?.run(
          Object.values({
            ...state,
            id: stateIds.get(state.id),
            flow_run_id: id,
            state_details: String(state.state_details).replaceAll(runId, id),
          }),
        );
      ids.push(id);
    }
    database.exec('COMMIT');
    return ids;
  } finally {
    database.close();
  }
}
