import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workshop } from './fixture';

export type Cell = string | number | null;
export type ReportRow = Record<string, Cell>;

export type Print = (row: ReportRow) => void;

/** A benchmark: measures, and prints each row as soon as it is known. */
export type Benchmark = (workshop: Workshop, print: Print) => Promise<void>;

const written = (cell: Cell | undefined): string =>
  typeof cell === 'number' ? (Number.isInteger(cell) ? String(cell) : cell.toFixed(2)) : (cell ?? '');

/** Rows as a Markdown table. */
export function tableOf(rows: readonly ReportRow[]): string {
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))];
  const lines = [names, ...rows.map(row => names.map(name => written(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map(line => (line[column] ?? '').length)));
  const [head = '', ...body] = lines.map(
    line => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  return [head, `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n');
}

/** Keeps the rows of a benchmark in bench/results. */
export async function keep(name: string, rows: readonly ReportRow[]): Promise<void> {
  const folder = join(process.cwd(), 'bench', 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(rows, null, 2)}\n`);
  await writeFile(join(folder, `${name}.md`), `${tableOf(rows)}\n`);
}
