/** What a field of a CSV record can hold; null is an empty field. */
export type CsvValue = string | number | null;

/** Spreadsheets run a text that starts like this as a formula, also where the field is quoted. */
const startsFormula = /^[=+\-@\t\r]/;
const needsQuotes = /[",\r\n]/;

function fieldOf(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = startsFormula.test(value) ? `'${value}` : value;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * One record of CSV by RFC 4180, with its line break. A text that a spreadsheet would run as a formula is preceded by an
 * apostrophe. `exportFormats.ts` says which columns there are.
 */
export const csvRecord = (values: readonly CsvValue[]): string => `${values.map(fieldOf).join(',')}\r\n`;
