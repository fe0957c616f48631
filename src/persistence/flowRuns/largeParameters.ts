import type { SqlExecutor } from '../connection/statements';
import type { RawRow } from '../entities/columns';
import { FlowRunEntity } from '../entities/flowRun';

/** Up to this length, the parameters of a run are read with its row: 200 of them are 13 MB. */
const maxInlineLength = 65_536;

const smallParameters = `CASE WHEN LENGTH(run.parameters) <= ${maxInlineLength} THEN run.parameters END`;

/** The columns of runs, under the alias `run`, with null for parameters that are large: `readLargeParameters` reads those. */
export const columnsWithSmallParameters = Object.values(FlowRunEntity.columns)
  .map(({ name }) => `${name === 'parameters' ? smallParameters : `run.${name}`} AS ${name}`)
  .join(', ');

/**
 * Adds large parameters to rows that were read without them. In the usual case there are none, and no statement is sent.
 *
 * @param spend is given the bytes before they are read, and throws where they are too many.
 */
export async function readLargeParameters(
  connection: SqlExecutor,
  rows: readonly RawRow[],
  spend: (bytes: number) => void = () => undefined,
): Promise<readonly RawRow[]> {
  const ids = rows.filter(({ parameters }) => parameters === null).map(({ id }) => String(id));
  if (ids.length === 0) return rows;
  const large = connection
    .getRepository(FlowRunEntity)
    .createQueryBuilder('run')
    .where('run.id IN (:...ids)', { ids });
  const measured = await large
    .select('SUM(LENGTH(run.parameters))', 'bytes')
    .getRawOne<{ bytes: string | number | null }>();
  spend(Number(measured?.bytes ?? 0));
  const found: RawRow[] = await large
    .select('run.id', 'id')
    .addSelect('run.parameters', 'parameters')
    .getRawMany();
  const parametersOf = new Map(found.map(({ id, parameters }) => [id, parameters]));
  // A run that was deleted meanwhile has none.
  return rows.map(row =>
    row.parameters === null ? { ...row, parameters: parametersOf.get(row.id ?? null) ?? '{}' } : row,
  );
}
