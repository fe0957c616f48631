import type { Column, RowOf } from '../entities/columns';

/** A text of at most that many characters, as databases count them. */
function shortened(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return Array.from(text).slice(0, characters).join('');
}

/** A column of limited length. */
interface LimitedColumn {
  property: string;
  characters: number;
}

/** The limited columns of each table: they are looked for once, and not for each of many thousand rows. */
const limitedColumns = new WeakMap<object, readonly LimitedColumn[]>();

function limitedColumnsOf(columns: object): readonly LimitedColumn[] {
  const known = limitedColumns.get(columns);
  if (known !== undefined) return known;
  const found = (Object.entries(columns) as [string, Column<unknown>][]).flatMap(([property, { type }]) =>
    typeof type === 'object' ? [{ property, characters: type.characters }] : [],
  );
  limitedColumns.set(columns, found);
  return found;
}

/**
 * A row whose texts fit into their columns, which is the row itself where they all do: a Prefect server does not limit their
 * length, and one long name must not stop the mirror.
 */
export function fittingText<Of extends object>(columns: Of, row: RowOf<Of>): RowOf<Of> {
  const shorter: Record<string, string> = {};
  let isFitting = true;
  for (const { property, characters } of limitedColumnsOf(columns)) {
    const value: unknown = row[property as keyof Of];
    if (typeof value !== 'string' || value.length <= characters) continue;
    shorter[property] = shortened(value, characters);
    isFitting = false;
  }
  return isFitting ? row : { ...row, ...shorter };
}

/** A key that is compared for equality: null where it does not fit, because two that are shortened could become the same. */
export const fittingKey = (key: string | null, characters: number): string | null =>
  key !== null && key.length > characters && Array.from(key).length > characters ? null : key;
