import * as fc from 'fast-check';
import { ExactNumber } from '../../src/domain/exactNumber';
import { parseJson, printJson, type ReadJson, readJson, readJsonBytes } from '../../src/domain/jsonText';
import { jsonText } from '../harness/jsonArbitrary';

const beyondDoubles =
  'must be between -1.7976931348623157e+308 and 1.7976931348623157e+308 where it has a fraction or an exponent';

const faultOf = (result: ReadJson): string | null =>
  result.kind === 'fault' ? `${result.fault.path.join('.')}: ${result.fault.message}` : null;

describe('JSON text', () => {
  it.each([
    '1234567890123456789',
    '123456789012345678901234567890',
    '-9223372036854775808',
    '1.0',
    '0.1000',
    '1e-400',
    '-1.7976931348623157e+308',
    `1${'0'.repeat(4299)}`,
    '1E5',
    '1e5',
    '-0',
    '-0.0',
    '0.1',
    '[1e-7, 5e-324, 1.7976931348623157e308]'.replaceAll(' ', ''),
    '{"__proto__":{"a":1.0},"constructor":1,"toString":null,"":2.50}',
  ])('returns %s as it was sent', text => {
    const result = readJson(text);
    expect(result.kind).toBe('value');
    expect(printJson('value' in result ? result.value : null)).toBe(text);
    expect(printJson(parseJson(text))).toBe(text);
  });

  it('returns any JSON as it was sent, except for spaces and repeated names', () => {
    fc.assert(
      fc.property(jsonText(), text => {
        const result = readJson(` ${text}\n`);
        expect(printJson('value' in result ? result.value : result)).toBe(text);
      }),
    );
  });

  it('accepts the same texts as JSON.parse', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '1.0',
      '-',
      '01',
      '1e',
      '.5',
      '-0',
      ' ',
      'null',
      '"a"',
      '99999999999999999999',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const text = pieces.join('');
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(readJson(text).kind !== 'notJson').toBe(isJson);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['half of a character', '{"a":["\\ud800"]}', 'a.0: holds half of a character (an unpaired surrogate)'],
    ['a NUL', '{"a":{"b":"\\u0000"}}', 'a.b: holds a NUL character'],
    ['a text that looks like a held number', '["\\u00001.0\\u0000", 1.0]', '0: holds a NUL character'],
    ['a name with a NUL', '{"a":{"\\u0000":1}}', 'a: has a name that holds a NUL character'],
    ['endless digits', `{"a":[1${'0'.repeat(4300)}]}`, 'a.0: has more than 4300 digits'],
    ['a number beyond doubles', '{"a":[1e308,-1e400]}', `a.1: ${beyondDoubles}`],
    ['the same with a fraction', `[1${'0'.repeat(400)}.0]`, `0: ${beyondDoubles}`],
    ['endless depth', `{"a":${'['.repeat(1e6)}`, 'a.0.0.0.0: holds values nested more than 200 deep'],
  ])('rejects %s and names its path', (_what, text, fault) => {
    expect(faultOf(readJson(text))).toBe(fault);
  });

  it('accepts an escaped whole character and an escaped backslash', () => {
    const result = readJson('["\\ud83d\\ude00", "\\\\ud800", "\\\\u0000"]');
    expect(result).toEqual({ kind: 'value', value: ['😀', '\\ud800', '\\u0000'] });
  });

  it.each([
    ['items', `[${Array(100_000).fill('1').join()}]`],
    ['lists', `[${Array(50_000).fill('[1]').join()}]`],
    ['names', `{${Array.from({ length: 100_000 }, (_, n) => `"n${n}":1`).join()}}`],
  ])('rejects more %s than a body may have', (_what, text) => {
    expect(faultOf(readJson(text))).toBe(': must have at most 100000 values');
  });

  it('accepts the maximum number of values, and commas in texts', () => {
    const text = `[${Array(99_998).fill('1').join()},"${','.repeat(10)}"]`;
    expect(faultOf(readJson(text))).toBeNull();
  });

  it('counts depth from the given level', () => {
    const text = `${'['.repeat(202)}${']'.repeat(202)}`;
    expect([readJson(text, 1).kind, readJson(text, 2).kind]).toEqual(['fault', 'value']);
  });

  it('rejects bytes that are not UTF-8, and ignores a byte order mark', () => {
    expect(readJsonBytes(Buffer.from('{"a":"\xe9"}', 'latin1')).kind).toBe('notUtf8');
    expect(readJsonBytes(Buffer.from('\ufeff{"a":"é"}'))).toEqual({ kind: 'value', value: { a: 'é' } });
  });

  it('gives the nearest JavaScript number for calculations', () => {
    expect(new ExactNumber('1.50').value).toBe(1.5);
  });
});
