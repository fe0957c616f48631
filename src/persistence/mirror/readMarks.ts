import { In, LessThan } from 'typeorm';
import type { FlowRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import { insertRows } from '../connection/hotInsertRows';
import type { SqlExecutor } from '../connection/statements';
import { MirroredFlowRunEntity } from '../entities/mirror';

/** The number in place of a walk's at a run that is gone: a copy that was read before must not bring it back. */
const gone = -1;

const marks = (connection: SqlExecutor) => connection.getRepository(MirroredFlowRunEntity);

/** When the copies of runs were read, or when it was found that the runs are gone; runs that were never read are left out. */
export async function findReadTimes(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
): Promise<Map<FlowRunId, Instant>> {
  if (ids.length === 0) return new Map();
  const found = await marks(connection).findBy({ flowRunId: In([...ids]) });
  return new Map(found.map(({ flowRunId, readAt }) => [flowRunId, readAt]));
}

/** Which runs were read, and when. */
export interface Reading {
  ids: readonly FlowRunId[];
  /** Those of them that have a mark. */
  marked: ReadonlyMap<FlowRunId, Instant>;
  readAt: Instant;
  /** The walk that met them; null: none did. */
  walk: number | null;
}

/** Stores when runs were read, and which walk met them. */
export async function writeMarks(
  connection: SqlExecutor,
  { ids, marked, readAt, walk }: Reading,
): Promise<void> {
  const known = ids.filter(id => marked.has(id));
  const added = ids.filter(id => !marked.has(id)).map(flowRunId => ({ flowRunId, readAt, walk: walk ?? 0 }));
  await insertRows(connection, MirroredFlowRunEntity, added);
  if (known.length === 0) return;
  await marks(connection).update({ flowRunId: In(known) }, walk === null ? { readAt } : { readAt, walk });
}

/** Stores that runs are gone, as it was found at that time. */
export const markGone = (
  connection: SqlExecutor,
  reading: Pick<Reading, 'ids' | 'marked' | 'readAt'>,
): Promise<void> => writeMarks(connection, { ...reading, walk: gone });

/** Forgets the runs that were gone before that time: no copy of them is under way any more. */
export async function forgetGone(connection: SqlExecutor, before: Instant): Promise<void> {
  await marks(connection).delete({ walk: gone, readAt: LessThan(before) });
}
