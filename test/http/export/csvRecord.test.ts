import { array, assert, constant, constantFrom, nat, oneof, property, string } from 'fast-check';
import { type CsvValue, csvRecord } from '../../../src/http/export/csvRecord';
import { parseCsv } from './parseCsv';

const meant = (value: CsvValue): string => {
  const text = String(value ?? '');
  return typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${text}` : text;
};

describe('csvRecord', () => {
  const special = string({ unit: constantFrom(...'=+-@\t\r\n",\'a;é😀 ') });
  const value = oneof(special, string({ unit: 'grapheme' }), nat(), constant(null));

  it('writes records that a parser of RFC 4180 reads back, with an apostrophe before what would be a formula', () => {
    const records = array(array(value, { minLength: 1, maxLength: 5 }), { maxLength: 5 });
    assert(
      property(records, rows => {
        const read = parseCsv(rows.map(csvRecord).join(''));
        expect(read).toEqual(rows.map(row => row.map(meant)));
        for (const field of read.flat()) expect(field).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['=HYPERLINK("a",1)', `"'=HYPERLINK(""a"",1)"`],
    ['-1', "'-1"],
    ['\ttab', "'\ttab"],
    ['\rreturn', `"'\rreturn"`],
    ['a=1', 'a=1'],
  ])('writes %j as %j', (text, field) => {
    expect(csvRecord([text])).toBe(`${field}\r\n`);
  });
});
