const gap = '  ';
const minWidth = 6;
const defaultColumns = 80;

// Text of other people could otherwise move the cursor or change the title of a terminal.
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');

/** The columns of the terminal, or those that COLUMNS says; null where the output goes elsewhere and nothing need be cut. */
export function terminalColumns(): number | null {
  const set = Number(process.env.COLUMNS);
  if (Number.isInteger(set) && set > 0) return set;
  return process.stdout.isTTY ? process.stdout.columns || defaultColumns : null;
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/** Narrows the widest columns, one character at a time, until the line fits. The first column stays: it has the id. */
function narrowed(widths: readonly number[], columns: number): number[] {
  const result = [...widths];
  const total = () => result.reduce((sum, width) => sum + width, 0) + gap.length * (result.length - 1);
  while (total() > columns) {
    const widest = Math.max(...result.slice(1));
    if (widest <= minWidth) break;
    result[result.indexOf(widest, 1)] = widest - 1;
  }
  return result;
}

/** Rows that are too wide even with narrow columns: the identifier, then one cell a line. */
function stacked(head: readonly string[], rows: readonly (readonly string[])[], columns: number): string {
  const width = Math.max(...head.slice(1).map(title => title.length));
  const line = (title: string, cell: string) =>
    cut(`${gap}${title.padEnd(width)}${gap}${cell}`, columns).trimEnd();
  return rows
    .map(([id = '', ...cells]) =>
      [id, ...cells.map((cell, index) => line(head[index + 1] ?? '', cell))].join('\n'),
    )
    .join('\n\n');
}

/**
 * Text as a table with a head. In a terminal, or with `COLUMNS` set, no line is wider than that, unless an identifier
 * alone is: columns are cut, and if there is no room for them, each cell gets a line.
 */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = rows.map(row => row.map(printable));
  const natural = head.map((title, column) =>
    Math.max(title.length, ...clean.map(row => row[column]?.length ?? 0)),
  );
  const columns = terminalColumns();
  const widths = columns === null ? natural : narrowed(natural, columns);
  const total = widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1);
  if (columns !== null && total > columns) return stacked(head, clean, columns);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cut(cell, widths[column] ?? 0).padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd();
  return [line(head.map(title => title.toUpperCase())), ...clean.map(line)].join('\n');
}
