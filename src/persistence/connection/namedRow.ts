/**
 * Returns a function that makes a row, named as the columns that a statement returns, from a list of its values. Rows begin as
 * a copy of an empty one, and most values of most rows are null: those that are written under a name that the engine cannot
 * foresee take the time.
 */
export function namedRow<Value>(
  names: readonly string[],
): (values: readonly Value[]) => Record<string, Value | null> {
  const empty: Record<string, Value | null> = Object.fromEntries(names.map(name => [name, null]));
  return values => {
    const row = { ...empty };
    for (let index = 0; index < names.length; index++) {
      const value = values[index] ?? null;
      if (value !== null) row[names[index] as string] = value;
    }
    return row;
  };
}
