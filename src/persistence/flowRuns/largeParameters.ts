import { placeholders } from '../connection/dialect';
import type { RawRow } from '../entities/columns';

/** Up to this length, the parameters of a run are read with its row: 200 of them are 13 MB. */
const maxInlineLength = 65_536;

/** The parameters of a run where they are small; null where they are large, for `readLargeParameters`. */
export const smallParameters = `CASE WHEN LENGTH(run.parameters) <= ${maxInlineLength} THEN run.parameters END`;

interface Reader {
  query(sql: string, parameters: unknown[]): Promise<RawRow[]>;
}

/**
 * Adds large parameters to rows that were read without them. In the usual case there are none, and no statement is sent.
 *
 * @param spend is given the bytes before they are read, and throws where they are too many.
 */
export async function readLargeParameters(
  reader: Reader,
  rows: readonly RawRow[],
  spend: (bytes: number) => void = () => undefined,
): Promise<readonly RawRow[]> {
  const large = rows.filter(({ parameters }) => parameters === null);
  if (large.length === 0) return rows;
  const ids = large.map(({ id }) => String(id));
  const where = `FROM flow_run WHERE id IN (${placeholders(ids)})`;
  const [measured] = await reader.query(`SELECT SUM(LENGTH(parameters)) AS bytes ${where}`, ids);
  spend(Number(measured?.bytes ?? 0));
  const found = await reader.query(`SELECT id, parameters ${where}`, ids);
  const parametersOf = new Map(found.map(({ id, parameters }) => [id, parameters]));
  // A run that was deleted meanwhile has none.
  return rows.map(row =>
    row.parameters === null ? { ...row, parameters: parametersOf.get(row.id ?? null) ?? '{}' } : row,
  );
}
