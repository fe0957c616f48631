import type { Column, RowOf } from '../entities/columns';

/** A text of at most that many characters, as databases count them. */
function shortened(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return Array.from(text).slice(0, characters).join('');
}

/**
 * A row whose texts fit into their columns: a Prefect server does not limit their length, and one long name must not stop the
 * mirror.
 */
export function fittingText<Of extends object>(columns: Of, row: RowOf<Of>): RowOf<Of> {
  const fitting = { ...row };
  for (const [property, { type }] of Object.entries(columns) as [keyof Of, Column<unknown>][]) {
    const value: unknown = fitting[property];
    if (typeof type === 'object' && typeof value === 'string')
      fitting[property] = shortened(value, type.characters) as RowOf<Of>[keyof Of];
  }
  return fitting;
}

/** A key that is compared for equality: null where it does not fit, because two that are shortened could become the same. */
export const fittingKey = (key: string | null, characters: number): string | null =>
  key !== null && Array.from(key).length > characters ? null : key;
