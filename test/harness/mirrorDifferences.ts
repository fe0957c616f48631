import { systemClock } from '../../src/domain/instant';
import type { Database } from '../../src/persistence/connection/database';
import { FlowRunEntity } from '../../src/persistence/entities/flowRun';
import { findExtras } from '../../src/persistence/flowRuns/extras';
import { findFlowRunStatesByIds, findFlowRunsByIds } from '../../src/persistence/flowRuns/rowsById';
import { distinct } from '../../src/platform/distinct';
import type { UpstreamClient, UpstreamFlowRun } from '../../src/upstream/client/upstreamClient';
import { expectedStartPages } from '../../src/upstream/mirror/expectedStartPages';

type Fields = Readonly<Record<string, unknown>>;

/** All that is compared of a run; the server knows no authors of states. */
const fieldsOf = ({ flowRun, state, extras }: UpstreamFlowRun): Fields => {
  const { actor: _actor, bulkOperationId: _operation, ...known } = state ?? {};
  return { ...flowRun, state: state && known, extras };
};

/** Fields as text, whatever the order in which an object has its keys. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );

async function readCopies(
  { primary }: Database,
  rows: readonly UpstreamFlowRun[],
): Promise<Map<string, Fields>> {
  const flowRuns = await findFlowRunsByIds(
    primary,
    rows.map(({ flowRun }) => flowRun.id),
  );
  const states = await findFlowRunStatesByIds(primary, distinct(flowRuns.map(({ stateId }) => stateId)));
  const byId = new Map(states.map(state => [state.id, state]));
  const extras = await findExtras(
    primary,
    flowRuns.map(({ id }) => ({ kind: 'flowRun', id })),
  );
  return new Map(
    flowRuns.map((flowRun, index) => [
      flowRun.id,
      fieldsOf({
        flowRun,
        state: (flowRun.stateId && byId.get(flowRun.stateId)) ?? null,
        extras: extras[index] ?? {},
      }),
    ]),
  );
}

const compare = (id: string, theirs: Fields, ours: Fields | undefined): string[] =>
  ours === undefined
    ? [`${id} is only in the server`]
    : Object.keys(theirs)
        .filter(name => textOf(theirs[name]) !== textOf(ours[name]))
        .map(name => `${id} ${name}: ${textOf(ours[name])} here, ${textOf(theirs[name])} in the server`);

/**
 * Compares each run of a Prefect server with its copy, field by field, and each copy with the runs of the server.
 *
 * @returns a line for each difference; none where the mirror is exact.
 */
export async function mirrorDifferences(database: Database, client: UpstreamClient): Promise<string[]> {
  const differences: string[] = [];
  const met = new Set<string>();
  const all = { filter: {}, from: null };
  for await (const { rows } of expectedStartPages(client, systemClock(), all)) {
    const copies = await readCopies(database, rows);
    for (const row of rows) {
      met.add(row.flowRun.id);
      differences.push(...compare(row.flowRun.id, fieldsOf(row), copies.get(row.flowRun.id)));
    }
  }
  const stored = await database.primary.getRepository(FlowRunEntity).find({ select: { id: true } });
  const onlyHere = stored.filter(({ id }) => !met.has(id));
  return [...differences, ...onlyHere.map(({ id }) => `${id} is only here`)];
}
