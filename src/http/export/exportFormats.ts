import { setImmediate } from 'node:timers/promises';
import { type ExportedItem, positionOf } from '../../operations/queries/itemPages';
import { type CsvValue, csvRecord } from './csvRecord';

/** An item with the names that its fields have in the GraphQL schema. */
const toFields = (item: ExportedItem) => ({
  position: positionOf(item),
  flowRunId: item.flowRunId,
  status: item.status,
  code: item.code,
  reason: item.reason,
  planned: item.plannedStatus && {
    status: item.plannedStatus,
    code: item.plannedCode,
    reason: item.plannedReason,
  },
  previousState: item.previousStateId && { id: item.previousStateId },
  state: item.stateId && { id: item.stateId },
  movedAnotherState: item.movedAnotherState,
  attempts: item.attempts,
  decided: item.decided,
});

type Fields = ReturnType<typeof toFields>;

/** The columns of CSV: the same fields, an inner one by its path. */
const columns: Readonly<Record<string, (fields: Fields) => CsvValue | undefined>> = {
  position: ({ position }) => position,
  flowRunId: ({ flowRunId }) => flowRunId,
  status: ({ status }) => status,
  code: ({ code }) => code,
  reason: ({ reason }) => reason,
  'planned.status': ({ planned }) => planned?.status,
  'planned.code': ({ planned }) => planned?.code,
  'planned.reason': ({ planned }) => planned?.reason,
  'previousState.id': ({ previousState }) => previousState?.id,
  'state.id': ({ state }) => state?.id,
  movedAnotherState: ({ movedAnotherState }) => String(movedAnotherState),
  attempts: ({ attempts }) => attempts,
  decided: ({ decided }) => decided,
};
const readers = Object.values(columns);

/** How items are written. */
interface ExportFormat {
  readonly contentType: string;
  /** What stands before the first item. */
  readonly head: string;
  /** One item, with its line break. */
  line(item: ExportedItem): string;
}

/** The formats in which items are exported. */
export const exportFormats = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvRecord(Object.keys(columns)),
    line(item) {
      const fields = toFields(item);
      return csvRecord(readers.map(read => read(fields) ?? null));
    },
  },
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    head: '',
    line: item => `${JSON.stringify(toFields(item))}\n`,
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

/** The name of a format. */
export type ExportFormatName = keyof typeof exportFormats;

/** Writes pages of items in a format, one text a page. Reads a page when the text of it is requested. */
export async function* writeItems(
  pages: AsyncIterable<readonly ExportedItem[]>,
  { head, line }: ExportFormat,
): AsyncGenerator<string, void> {
  if (head !== '') yield head;
  for await (const page of pages) {
    yield page.map(line).join('');
    // The embedded database returns without waiting: nothing else would be served, and nothing sent, until the last page.
    await setImmediate();
  }
}
