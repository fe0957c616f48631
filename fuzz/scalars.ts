import * as fc from 'fast-check';
import { type Known, thingAt } from './known';
import type { Value } from './value';

const token = (text: string): Value => ({ kind: 'token', text });
const text = (value: string): Value => ({ kind: 'text', text: value });
const list = (items: readonly Value[]): Value => ({ kind: 'list', items });

/** Chooses among arbitraries by weight. */
export const weighted = <Item>(...choices: readonly (readonly [weight: number, fc.Arbitrary<Item>])[]) =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));

/** The null that both languages have. */
export const nothing: Value = token('null');

const oddTexts = [
  '',
  ' ',
  'a\0b',
  'half \ud83d',
  '\udc00',
  '😀🇺🇳',
  'e\u0301',
  '\u202e\ufeff',
  '\r\n\t',
  '%',
  '_',
  "' OR 1=1 --",
  '\\',
  '"',
  '`${x}`',
  '{{ x }}',
  'null',
  '__proto__',
  'constructor',
  '../..',
  'x'.repeat(255),
  'x'.repeat(256),
  '😀'.repeat(256),
  'x'.repeat(513),
  'x'.repeat(1025),
  'x'.repeat(10_001),
];

/** Texts of every kind. */
export const texts = ({ texts: known }: Known): fc.Arbitrary<Value> =>
  weighted(
    [5, fc.constantFrom(...known)],
    [3, fc.string({ maxLength: 12 })],
    [2, fc.string({ unit: 'binary', maxLength: 6 })],
    [2, fc.constantFrom(...oddTexts)],
  ).map(text);

const oddIds = [
  '',
  '7',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '019a0000-0000-7000-8000-000000000000',
  '019A0000-0000-7000-8000-00000000000A',
  '019a00000000700080000000000000ab',
  '{019a0000-0000-7000-8000-000000000000}',
  'urn:uuid:019a0000-0000-7000-8000-000000000000',
  '019a0000-0000-7000-8000-00000000000g',
  ' 019a0000-0000-7000-8000-000000000000',
];

/** Ids as plain text: mostly of the thing that a place refers to, else of another one, of none, or no id at all. */
export function idTexts({ ids }: Known, place: readonly string[]): fc.Arbitrary<string> {
  const anything = Object.values(ids).flat();
  const fitting = ids[thingAt(place)];
  return weighted(
    [12, fc.constantFrom(...(fitting.length > 0 ? fitting : anything))],
    [2, fc.constantFrom(...anything)],
    [1, fc.constantFrom(...anything).map(id => id.toUpperCase())],
    [1, fc.uuid()],
    [1, fc.constantFrom(...oddIds)],
  );
}

/** Ids as values. */
export const ids = (known: Known, place: readonly string[]): fc.Arbitrary<Value> =>
  idTexts(known, place).map(text);

const oddInstants = [
  '0001-01-01T00:00:00Z',
  '0000-12-31T23:59:59Z',
  '9999-12-31T23:59:59.999999Z',
  '9999-12-31T23:59:59.999999-14:00',
  '0001-01-01T00:00:00+23:59',
  '+010000-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '2026-02-29T00:00:00Z',
  '2026-06-30T23:59:60Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-01-01 00:00:00+00:00',
  '2026-01-01T00:00:00.1234567890123Z',
  '2026-01-01T00:00:00+0000',
  '2026-01-01T00:00:00Z[UTC]',
  '1e3',
  '1700000000',
  'now',
];

const firstMoment = new Date('2020-01-01T00:00:00Z');
const lastMoment = new Date('2030-01-01T00:00:00Z');

/** Instants. */
export const instants: fc.Arbitrary<Value> = weighted(
  [4, fc.date({ min: firstMoment, max: lastMoment, noInvalidDate: true }).map(date => date.toISOString())],
  [2, fc.constantFrom(...oddInstants)],
).map(text);

const oddNumbers = [
  '-0',
  '-1',
  '0',
  '1',
  '0.5',
  '1.0',
  '1e2',
  '1E-7',
  '49',
  '50',
  '51',
  '60',
  '200',
  '201',
  '1000',
  '86400',
  '86401',
  '2147483647',
  '2147483648',
  '-2147483649',
  '9007199254740993',
  '-9223372036854775808',
  '18446744073709551616',
  '123456789012345678901234567890',
  '1.7976931348623157e308',
  '1e999',
  '-1e999',
  '5e-324',
  '0.1234567890123456789',
];

/** Numbers: small ones, and those at the edges of what programs hold. */
export const numbers: fc.Arbitrary<Value> = weighted(
  [4, fc.integer({ min: 1, max: 60 }).map(String)],
  [2, fc.constantFrom(...oddNumbers)],
).map(token);

/** Booleans. */
export const flags: fc.Arbitrary<Value> = fc.constantFrom(token('true'), token('false'));

const fieldNames = weighted(
  [4, fc.constantFrom('a', 'b', 'type', 'x_1')],
  [1, fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'then', 'length', 'toJSON')],
  [1, fc.constantFrom('', ' ', '$', 'a.b', 'ключ', 'a\0', '\ud83d', '0', '__type', '$ref')],
);

const deepValues = [30, 190, 199, 200, 201, 1000].map(depth =>
  Array.from({ length: depth }).reduce<Value>(inner => list([inner]), list([])),
);

/** JSON values of any shape, some of them deep. */
export const json: fc.Arbitrary<Value> = fc.letrec<{ any: Value }>(tie => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: numbers },
    { weight: 2, arbitrary: fc.constantFrom(...oddTexts).map(text) },
    { weight: 2, arbitrary: fc.constantFrom(nothing, token('true'), token('false'), list([])) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.tuple(fieldNames, tie('any')), { maxLength: 3 })
        .map((fields): Value => ({ kind: 'object', fields })),
    },
    { weight: 2, arbitrary: fc.array(tie('any'), { maxLength: 3 }).map(list) },
    { weight: 1, arbitrary: fc.constantFrom(...deepValues) },
  ),
})).any;

/** Values of any kind, where another is expected. */
export const wrong: fc.Arbitrary<Value> = weighted(
  [2, fc.constantFrom(nothing, token('true'), token('17'), text('text'), list([]))],
  [1, fc.constantFrom<Value>({ kind: 'object', fields: [] }, { kind: 'name', text: 'NOWHERE' })],
  [1, json],
);
