import type { FlowRunId } from '../../src/domain/identifiers';
import type { State } from '../../src/domain/state';
import type { Database } from '../../src/persistence/connection/database';
import type { UpstreamClient } from '../../src/upstream/client/upstreamClient';
import type { Invariant } from '../report';
import type { OperationKind } from './operationKinds';

interface Item {
  flowRunId: string;
  status: string;
  code: string | null;
  stateId: string | null;
  previousStateId: string | null;
}

const inFlight = 4;

async function readHistories(
  client: UpstreamClient,
  ids: readonly string[],
): Promise<Map<string, readonly State[]>> {
  const histories = new Map<string, readonly State[]>();
  const left = ids.values();
  const work = async () => {
    for (const id of left) histories.set(id, (await client.findStates(id as FlowRunId)) ?? []);
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return histories;
}

async function findItems({ writer }: Database): Promise<Map<string, Item[]>> {
  const items: Item[] = await writer.query(
    `SELECT flow_run_id AS flowRunId, status, code, state_id AS stateId, previous_state_id AS previousStateId
     FROM bulk_operation_item`,
  );
  const byRun = new Map<string, Item[]>();
  for (const item of items) byRun.set(item.flowRunId, [...(byRun.get(item.flowRunId) ?? []), item]);
  return byRun;
}

/** What contradicts that the only item of a run wrote the last of its states, by the verdict that its kind has; null: nothing. */
function contradictionOf(
  { outcome }: OperationKind,
  items: readonly Item[],
  states: readonly State[],
): string | null {
  const [item] = items;
  if (item === undefined || items.length > 1) return `${items.length} items`;
  if (item.status !== outcome.status || item.code !== outcome.code) return `${item.status} ${item.code}`;
  const [before, last] = states.slice(-2);
  return item.stateId === last?.id && item.previousStateId === before?.id
    ? null
    : `wrote ${item.stateId} upon ${item.previousStateId}, but its history ends with ${before?.id}, ${last?.id}`;
}

/** Compares the items of operations with the histories that the Prefect server has of their runs. */
export async function checkHistories(
  database: Database,
  client: UpstreamClient,
  runs: ReadonlyMap<OperationKind, readonly string[]>,
): Promise<Invariant[]> {
  const histories = await readHistories(client, [...runs.values()].flat());
  const items = await findItems(database);
  const otherStates: string[] = [];
  const otherVerdicts: string[] = [];
  for (const [kind, ids] of runs)
    for (const id of ids) {
      const states = histories.get(id) ?? [];
      const types = states.map(({ type }) => type).join(' ');
      if (types !== kind.history.join(' ')) otherStates.push(`${kind.name} ${id}: ${types}`);
      const contradiction = contradictionOf(kind, items.get(id) ?? [], states);
      if (contradiction !== null) otherVerdicts.push(`${kind.name} ${id}: ${contradiction}`);
    }
  const written = [...histories.values()]
    .flat()
    .map(({ stateDetails }) => stateDetails.transitionId)
    .filter(id => id !== null && id !== undefined);
  const checked = histories.size;
  return [
    { name: 'each run has one state more, of the kind of its operation', checked, broken: otherStates },
    { name: 'each item has the verdict that the history of its run shows', checked, broken: otherVerdicts },
    {
      name: 'no transition wrote two states',
      checked: written.length,
      broken: written.filter((id, index) => written.indexOf(id) !== index),
    },
  ];
}
