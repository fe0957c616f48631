import type { Database } from '../src/persistence/connection/database';
import { faultsOf } from '../test/harness/consistency';
import type { Invariant } from './report';
import type { Watch } from './watching';

/** A check of the database: how many things are checked, and which are wrong. */
interface Look {
  name: string;
  checked: string;
  /** Returns what is wrong as `what`. */
  broken: string;
}

const runs = 'SELECT COUNT(*) AS count FROM flow_run';
const items = 'SELECT COUNT(*) AS count FROM bulk_operation_item';
const writing = `${items} WHERE state_id IS NOT NULL`;
const operations = 'SELECT COUNT(*) AS count FROM bulk_operation';

const cancelled = "operation.status = 'CANCELLED'";
const itemsOfOperations =
  'bulk_operation_item item JOIN bulk_operation operation ON operation.id = item.operation_id';
const nameOfItem = "CONCAT(item.operation_id, ' run ', item.flow_run_id, ' ', item.status)";

const statusCounts = ['pending', 'accepted', 'rejected', 'aborted', 'waiting', 'skipped'] as const;
const statuses = ['PENDING', 'ACCEPT', 'REJECT', 'ABORT', 'WAIT', 'SKIPPED'] as const;
const sums = statuses
  .map((status, index) => `SUM(status = '${status}') AS ${statusCounts[index]}`)
  .join(', ');
const countsDiffer = [...statusCounts, 'matched']
  .map(count => `operation.${count} <> COALESCE(counted.${count}, 0)`)
  .join(' OR ');

/** What holds of operations, whoever stores the runs. */
const ledgerLooks: readonly Look[] = [
  {
    name: 'every operation has ended, none FAILED',
    checked: operations,
    broken: `SELECT CONCAT(id, ' ', status, ' ', COALESCE(error, '')) AS what FROM bulk_operation
      WHERE status NOT IN ('COMPLETED', 'COMPLETED_WITH_FAILURES', 'CANCELLED')`,
  },
  {
    name: 'the state that an item wrote is there, and its run’s own',
    checked: writing,
    broken: `SELECT ${nameOfItem} AS what FROM bulk_operation_item item
      LEFT JOIN flow_run_state state ON state.id = item.state_id AND state.flow_run_id = item.flow_run_id
      WHERE item.state_id IS NOT NULL AND state.id IS NULL`,
  },
  {
    name: 'no two items wrote one state, and no two wrote upon the same one',
    checked: writing,
    broken: `SELECT MIN(flow_run_id) AS what FROM bulk_operation_item WHERE state_id IS NOT NULL
        GROUP BY state_id HAVING COUNT(*) > 1
      UNION ALL SELECT MIN(flow_run_id) FROM bulk_operation_item
        WHERE state_id IS NOT NULL AND previous_state_id IS NOT NULL GROUP BY previous_state_id HAVING COUNT(*) > 1`,
  },
  {
    name: 'an accepted item wrote a state of the type that was proposed',
    checked: `${items} WHERE status = 'ACCEPT'`,
    broken: `SELECT ${nameOfItem} AS what FROM ${itemsOfOperations}
      LEFT JOIN flow_run_state state ON state.id = item.state_id
      WHERE item.status = 'ACCEPT' AND operation.undo_of IS NULL
        AND NOT (state.type <=> JSON_UNQUOTE(JSON_EXTRACT(operation.definition, '$.state.type')))`,
  },
  {
    name: 'every item has one verdict, but for what a cancelled operation left',
    checked: items,
    broken: `SELECT ${nameOfItem} AS what FROM ${itemsOfOperations}
      WHERE (item.status = 'PENDING' AND item.decided IS NOT NULL)
        OR (NOT ${cancelled} AND (item.status = 'PENDING' OR item.decided IS NULL OR item.batch IS NULL))
      UNION ALL SELECT MIN(flow_run_id) FROM bulk_operation_item GROUP BY operation_id, flow_run_id HAVING COUNT(*) > 1`,
  },
  {
    name: 'no item is an internal error',
    checked: items,
    broken: `SELECT ${nameOfItem} AS what FROM bulk_operation_item item WHERE code = 'INTERNAL_ERROR'`,
  },
  {
    name: 'counts are those of the items',
    checked: operations,
    broken: `SELECT operation.id AS what FROM bulk_operation operation
      LEFT JOIN (SELECT operation_id, COUNT(*) AS matched, ${sums} FROM bulk_operation_item GROUP BY operation_id) counted
        ON counted.operation_id = operation.id
      WHERE ${countsDiffer}`,
  },
  {
    name: 'positions are 1 to n without gaps',
    checked: `${items} WHERE decided IS NOT NULL`,
    broken: `SELECT CONCAT(operation.id, ' ', operation.last_position, ' positions for ', COUNT(item.position)) AS what
      FROM bulk_operation operation LEFT JOIN (
        SELECT item.operation_id, batch.first_position + item.place AS position FROM bulk_operation_item item
        JOIN bulk_operation_batch batch ON batch.operation_id = item.operation_id AND batch.first_ordinal = item.batch
        WHERE item.decided IS NOT NULL) item ON item.operation_id = operation.id
      GROUP BY operation.id, operation.last_position
      HAVING COUNT(item.position) <> operation.last_position OR COUNT(DISTINCT item.position) <> operation.last_position
        OR COALESCE(MAX(item.position), 0) <> operation.last_position OR COALESCE(MIN(item.position), 1) <> 1`,
  },
  {
    name: 'every batch is decided, but for what a cancelled operation left',
    checked: 'SELECT COUNT(*) AS count FROM bulk_operation_batch',
    broken: `SELECT CONCAT(operation.id, ' batch ', batch.first_ordinal) AS what
      FROM bulk_operation_batch batch JOIN bulk_operation operation ON operation.id = batch.operation_id
      WHERE batch.decided IS NULL AND NOT ${cancelled}`,
  },
];

/** What holds of runs that are stored here. */
const runLooks: readonly Look[] = [
  {
    name: 'every run has its first state and one more for each item that wrote one',
    checked: runs,
    broken: `SELECT CONCAT(run.id, ': ', COALESCE(states.count, 0), ' states, ', COALESCE(written.count, 0), ' items') AS what
      FROM flow_run run
      LEFT JOIN (SELECT flow_run_id, COUNT(*) AS count FROM flow_run_state GROUP BY flow_run_id) states
        ON states.flow_run_id = run.id
      LEFT JOIN (SELECT flow_run_id, COUNT(*) AS count FROM bulk_operation_item WHERE state_id IS NOT NULL
        GROUP BY flow_run_id) written ON written.flow_run_id = run.id
      WHERE COALESCE(states.count, 0) <> 1 + COALESCE(written.count, 0)`,
  },
  {
    name: 'a parent task run has a copy of each state of its subflow',
    checked: 'SELECT COUNT(*) AS count FROM task_run',
    broken: `SELECT run.id AS what FROM flow_run run
      WHERE run.parent_task_run_id IS NOT NULL
        AND (SELECT COUNT(*) FROM flow_run_state state WHERE state.flow_run_id = run.id)
          <> (SELECT COUNT(*) FROM task_run_state state WHERE state.task_run_id = run.parent_task_run_id)`,
  },
];

async function look({ writer }: Database, { name, checked, broken }: Look): Promise<Invariant> {
  const [row]: { count: string }[] = await writer.query(checked);
  const rows: { what: string }[] = await writer.query(broken);
  return { name, checked: Number(row?.count ?? 0), broken: rows.map(({ what }) => what) };
}

interface Outcome {
  status: string;
  code: string | null;
  count: number;
}

const keysOf = (outcomes: readonly Outcome[]): string =>
  outcomes
    .map(({ status, code, count }) => `${status} ${code} ${count}`)
    .sort()
    .join(', ');

async function outcomesOfItems({ writer }: Database): Promise<Invariant> {
  const found: { id: string; outcomes: string }[] = await writer.query(
    'SELECT id, outcomes FROM bulk_operation',
  );
  const counted: { id: string; status: string; code: string | null; count: string }[] = await writer.query(
    `SELECT operation_id AS id, status, code, COUNT(*) AS count FROM bulk_operation_item WHERE decided IS NOT NULL
     GROUP BY operation_id, status, code`,
  );
  const broken = found.flatMap(({ id, outcomes }) => {
    const told = keysOf(JSON.parse(outcomes) as Outcome[]);
    const own = counted.filter(row => row.id === id).map(row => ({ ...row, count: Number(row.count) }));
    return told === keysOf(own) ? [] : [`${id}: ${told}, but its items: ${keysOf(own)}`];
  });
  return { name: 'outcomes are those of the items', checked: found.length, broken };
}

async function subscribers({ writer }: Database, watches: readonly Watch[]): Promise<Invariant> {
  const broken: string[] = [];
  let checked = 0;
  for (const { operationId, flowRunIds, outOfOrder } of watches) {
    broken.push(...outOfOrder);
    const rows: { flowRunId: string }[] = await writer.query(
      `SELECT item.flow_run_id AS flowRunId FROM bulk_operation_item item JOIN bulk_operation_batch batch
         ON batch.operation_id = item.operation_id AND batch.first_ordinal = item.batch
       WHERE item.operation_id = ? AND item.decided IS NOT NULL ORDER BY batch.first_position + item.place`,
      [operationId],
    );
    checked += rows.length;
    const isSame =
      rows.length === flowRunIds.length && rows.every((row, at) => row.flowRunId === flowRunIds[at]);
    if (!isSame) broken.push(`${operationId}: ${flowRunIds.length} seen of ${rows.length}`);
  }
  return { name: 'subscribers saw each decided item once, in order', checked, broken };
}

/** Looks at what is to hold of operations once everything has ended, whoever stores the runs. */
export async function checkLedger(database: Database, watches: readonly Watch[]): Promise<Invariant[]> {
  const found: Invariant[] = [];
  for (const each of ledgerLooks) found.push(await look(database, each));
  found.push(await outcomesOfItems(database));
  found.push(await subscribers(database, watches));
  return found;
}

/** Looks at all that is to hold once everything has ended. */
export async function checkInvariants(database: Database, watches: readonly Watch[]): Promise<Invariant[]> {
  const found = await checkLedger(database, watches);
  for (const each of runLooks) found.push(await look(database, each));
  const [row]: { count: string }[] = await database.writer.query(runs);
  found.push({
    name: 'runs are as their newest states say, slots and leases as the runs that hold them',
    checked: Number(row?.count ?? 0),
    broken: await faultsOf(database),
  });
  return found;
}

/** How many items were decided in all. */
export async function countDecided({ writer }: Database): Promise<number> {
  const [row]: { count: string }[] = await writer.query(`${items} WHERE decided IS NOT NULL`);
  return Number(row?.count ?? 0);
}

/**
 * The longest time, in seconds, that a batch was decided after one that is taken later: its worker was killed, and another
 * took it. The time in which the database was away counts, too.
 */
export async function longestTakeover({ writer }: Database): Promise<number> {
  const [row]: { seconds: string | null }[] = await writer.query(
    `SELECT MAX(TIMESTAMPDIFF(MICROSECOND, later.decided, batch.decided)) / 1000000 AS seconds
     FROM bulk_operation_batch batch JOIN bulk_operation_batch later ON later.operation_id = batch.operation_id
       AND later.depth = batch.depth AND later.first_ordinal > batch.first_ordinal
     WHERE batch.due IS NULL AND later.due IS NULL AND later.decided < batch.decided`,
  );
  return Number(row?.seconds ?? 0);
}
