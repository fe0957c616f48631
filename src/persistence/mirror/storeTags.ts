import { In } from 'typeorm';
import { distinct } from '../../platform/distinct';
import { insertRows } from '../connection/hotInsertRows';
import type { SqlExecutor } from '../connection/statements';
import { type FlowRunRow, FlowRunTagEntity } from '../entities/flowRun';
import { fittingText } from './fittingText';
import type { RowChanges } from './storeRows';

const tagRowsOf = ({ id, tags }: FlowRunRow) => {
  const fitting = tags.map(tag => fittingText(FlowRunTagEntity.columns, { flowRunId: id, tag }).tag);
  return distinct(fitting).map(tag => ({ flowRunId: id, tag }));
};

const haveSameTags = (one: FlowRunRow, other: FlowRunRow): boolean =>
  JSON.stringify(one.tags) === JSON.stringify(other.tags);

/** Makes the tags of new and changed runs searchable. */
export async function storeTags(
  connection: SqlExecutor,
  { added, changed }: RowChanges<FlowRunRow>,
): Promise<void> {
  const retagged = changed.filter(({ before, after }) => !haveSameTags(before, after));
  if (retagged.length > 0)
    await connection
      .getRepository(FlowRunTagEntity)
      .delete({ flowRunId: In(retagged.map(({ after }) => after.id)) });
  const rows = [...added, ...retagged.map(({ after }) => after)].flatMap(tagRowsOf);
  await insertRows(connection, FlowRunTagEntity, rows);
}
