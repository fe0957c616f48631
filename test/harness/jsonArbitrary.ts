import * as fc from 'fast-check';

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map(list => list.join(''));

/** The text of a number of JSON's grammar, as clients of any language may write it. */
const numberText = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(
      '0',
      '-0',
      '1.0',
      '1e-400',
      `1${'0'.repeat(400)}`,
      '-1E+5',
      '1e-7',
      '9007199254740993',
      '18446744073709551615',
      '0.1000',
    ),
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => JSON.stringify(value)),
    fc
      .tuple(
        fc.constantFrom('', '-'),
        digits(40),
        fc.option(digits(20)),
        fc.option(fc.integer({ min: -400, max: 260 })),
      )
      .map(
        ([sign, whole, fraction, exponent]) =>
          `${sign}${whole.replace(/^0+(?=\d)/, '')}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
      ),
  );

const oddText = fc.constantFrom(
  '',
  ' trailing ',
  '\ufeff',
  '\uffff',
  '\u200f',
  'e\u0301',
  '\u2028',
  '😀'.repeat(20),
  '\\u0000',
  '"',
);
const text = (): fc.Arbitrary<string> =>
  fc.oneof(
    oddText,
    fc.string({ unit: 'binary' }).map(value => value.replaceAll('\0', '')),
  );
const name = (): fc.Arbitrary<string> =>
  fc
    .oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', 'type', 'text', ''), text())
    .filter(
      // JavaScript puts names that are indexes first.
      value => !/^\d+$/.test(value),
    );

/** The text of any JSON value, without spaces, numbers and names as odd as they come; each name once in its object. */
export const jsonText = (maxDepth = 3): fc.Arbitrary<string> => {
  const leaf = fc.oneof(
    fc.constantFrom('null', 'true', 'false'),
    numberText(),
    text().map(value => JSON.stringify(value)),
  );
  if (maxDepth === 0) return leaf;
  return fc.oneof(
    leaf,
    fc.array(jsonText(maxDepth - 1), { maxLength: 4 }).map(items => `[${items.join()}]`),
    jsonObjectText(maxDepth - 1),
  );
};

/** The text of any JSON object. */
export const jsonObjectText = (maxDepth = 2): fc.Arbitrary<string> =>
  fc
    .uniqueArray(fc.tuple(name(), jsonText(maxDepth)), { maxLength: 5, selector: ([key]) => key })
    .map(fields => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`);
