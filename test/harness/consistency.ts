import type { QueryRunner } from 'typeorm';
import type { Database } from '../../src/persistence/connection/database';

const sameState = (noun: string) => `
  SELECT ${noun}.id FROM ${noun} LEFT JOIN ${noun}_state state ON state.id = ${noun}.state_id AND state.${noun}_id = ${noun}.id
  WHERE ${noun}.state_id IS NOT NULL AND (state.id IS NULL OR state.type <> ${noun}.state_type
    OR state.name <> ${noun}.state_name OR state.timestamp <> ${noun}.state_timestamp)`;

const laterState = (noun: string) => `
  SELECT state.${noun}_id AS id FROM ${noun}_state state LEFT JOIN ${noun} ON ${noun}.id = state.${noun}_id
  WHERE ${noun}.id IS NULL OR ${noun}.state_timestamp IS NULL OR state.timestamp > ${noun}.state_timestamp`;

const holders = `(SELECT COUNT(*) FROM flow_run run WHERE run.deployment_id = deployment.id
  AND run.state_type IN ('PENDING', 'RUNNING', 'CANCELLING'))`;

/** What must never be found, with what it would mean. */
const faults: Readonly<Record<string, string>> = {
  'a run whose columns are not those of its state': sameState('flow_run'),
  'a state that its run does not know of': laterState('flow_run'),
  'a task run whose columns are not those of its state': sameState('task_run'),
  'a state that its task run does not know of': laterState('task_run'),
  'slots that nobody holds, or that are held twice': `
    SELECT id FROM deployment WHERE concurrency_limit IS NOT NULL AND active_slots <> ${holders}`,
  'slots beyond the limit': `
    SELECT id FROM deployment WHERE active_slots > concurrency_limit OR active_slots < 0`,
};

const snapshot: Readonly<Record<Database['kind'], readonly string[]>> = {
  embedded: ['BEGIN'],
  mysql: ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'START TRANSACTION WITH CONSISTENT SNAPSHOT'],
  mariadb: ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'START TRANSACTION WITH CONSISTENT SNAPSHOT'],
};

const leaseIn = (details: string): string | undefined =>
  (JSON.parse(details) as { deploymentConcurrencyLeaseId?: string }).deploymentConcurrencyLeaseId;

/** Each lease belongs to one run that holds a slot, and each such run's lease is there. */
async function faultsOfLeases(runner: QueryRunner): Promise<string[]> {
  const leases: { id: string }[] = await runner.query('SELECT id FROM concurrency_lease');
  const held: { details: string }[] = await runner.query(
    `SELECT state.state_details AS details FROM flow_run run JOIN flow_run_state state ON state.id = run.state_id
     WHERE run.deployment_id IS NOT NULL AND run.state_type IN ('PENDING', 'RUNNING', 'CANCELLING')`,
  );
  const there = new Set(leases.map(({ id }) => id));
  const used = held.map(({ details }) => leaseIn(details)).filter(id => id !== undefined);
  return [
    ...used.filter(id => !there.has(id)).map(id => `a lease that is gone while its run holds a slot: ${id}`),
    ...[...there].filter(id => !used.includes(id)).map(id => `a lease that no run holds: ${id}`),
    ...used.filter((id, index) => used.indexOf(id) !== index).map(id => `a lease of two runs: ${id}`),
  ];
}

/** Reads the whole database at one moment, and reports contradictions. */
export async function faultsOf({ writer, kind }: Database): Promise<string[]> {
  const runner = writer.createQueryRunner();
  try {
    for (const statement of snapshot[kind]) await runner.query(statement);
    const found: string[] = [];
    for (const [fault, statement] of Object.entries(faults)) {
      const rows: { id: string }[] = await runner.query(statement);
      found.push(...rows.map(({ id }) => `${fault}: ${id}`));
    }
    found.push(...(await faultsOfLeases(runner)));
    await runner.query('COMMIT');
    return found;
  } finally {
    if (kind !== 'embedded') await runner.release();
  }
}
