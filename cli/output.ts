import { formatTable } from './table';

/** The formats in which data is printed. */
export const outputFormats = ['table', 'json', 'jsonl', 'csv', 'name'] as const;

/** `name` prints nothing but what identifies each row, for other commands to read. */
export type OutputFormat = (typeof outputFormats)[number];

/** One column of the data. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null | undefined;
  /** Leaves it out of tables, whose lines are short. */
  readonly isForScripts?: boolean;
}

/** How rows are printed. */
export interface View<Row> {
  readonly columns: readonly Column<Row>[];
  /** What identifies a row. */
  readonly name: (row: Row) => string;
}

/** Prints data, and nothing else, on stdout. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Prints a message for people on stderr. */
export const report = (text: string): void => void process.stderr.write(`${text}\n`);

/** A text that a spreadsheet would run as a formula is preceded by an apostrophe. */
const csvCell = (text: string): string => {
  const safe = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const cellsOf = <Row>({ columns }: View<Row>, row: Row): string[] =>
  columns.map(({ of }) => String(of(row) ?? ''));

/** Rows as a table. */
export function tableOf<Row>(rows: readonly Row[], view: View<Row>): string {
  const columns = view.columns.filter(({ isForScripts }) => isForScripts !== true);
  return formatTable(
    columns.map(({ title }) => title),
    rows.map(row => cellsOf({ ...view, columns }, row)),
  );
}

const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',');

const csvOf = <Row>(rows: readonly Row[], view: View<Row>): string =>
  rows.map(row => csvLine(cellsOf(view, row))).join('\n');

const csvHead = <Row>({ columns }: View<Row>): string => csvLine(columns.map(({ title }) => title));

function textOf<Row>(rows: readonly Row[], view: View<Row>, format: OutputFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify(rows, null, 2);
    case 'jsonl':
      return rows.map(row => JSON.stringify(row)).join('\n');
    case 'csv':
      return [csvHead(view), ...(rows.length > 0 ? [csvOf(rows, view)] : [])].join('\n');
    case 'name':
      return rows.map(row => view.name(row)).join('\n');
    case 'table':
      return tableOf(rows, view);
  }
}

/** Prints rows in a format. No rows are no lines, except where the format has a head. */
export function printRows<Row>(rows: readonly Row[], view: View<Row>, format: OutputFormat): void {
  const text = textOf(rows, view, format);
  if (text !== '') print(text);
}

/** Rows as they stand in the JSON list of all rows, without its brackets. */
const jsonElements = (rows: readonly unknown[]): string => JSON.stringify(rows, null, 2).slice(2, -2);

/**
 * Prints a list page by page, as soon as each page is there. The text is that of one list; only a table has its head on
 * each page, because its widths are those of the page.
 *
 * @returns the number of rows.
 */
export async function printPages<Row>(
  pages: AsyncIterable<readonly Row[]>,
  view: View<Row>,
  format: OutputFormat,
): Promise<number> {
  let count = 0;
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    const isFirst = count === 0;
    if (format === 'json') process.stdout.write(`${isFirst ? '[\n' : ',\n'}${jsonElements(rows)}`);
    else if (format === 'csv' && !isFirst) print(csvOf(rows, view));
    else printRows(rows, view, format);
    count += rows.length;
  }
  if (count === 0) printRows([], view, format);
  else if (format === 'json') print('\n]');
  return count;
}

/** Prints one thing: in JSON as an object and not a list, in a table one field a line. */
export function printOne<Row>(row: Row, view: View<Row>, format: OutputFormat): void {
  if (format === 'json') print(JSON.stringify(row, null, 2));
  else if (format !== 'table') printRows([row], view, format);
  else {
    const width = Math.max(...view.columns.map(({ title }) => title.length));
    for (const { title, of } of view.columns) print(`${title.padEnd(width)}  ${of(row) ?? ''}`);
  }
}
