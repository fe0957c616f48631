import * as fc from 'fast-check';
import { weighted } from './scalars';

const encode = (text: string): Uint8Array => Buffer.from(text);

const oddBodies: readonly Uint8Array[] = [
  ...['', ' ', '{', '[]', 'null', 'true', '0', '""', '{}', '{"query":', '[{}]', '{"a":1,}', '\ufeff{}'].map(
    encode,
  ),
  Uint8Array.from([0xff, 0xfe, 0x7b, 0x7d]),
  Uint8Array.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  Uint8Array.from([0]),
];

/** A text with a part cut out, doubled or replaced. */
export const broken = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat({ max: text.length }),
      fc.nat({ max: 8 }),
      fc.constantFrom('', '{', '}', '(', '"', '\\', '$', '@', '\0', ',', ':', '#', '!', '…', 'null', '"""'),
      fc.boolean(),
    )
    .map(([start, length, put, twice]) => {
      const cut = text.slice(start, start + length);
      return text.slice(0, start) + put + (twice ? cut + cut : '') + text.slice(start + length);
    });

/** The bytes of a body: mostly as they are, else altered so that they are no JSON, no UTF-8 or something else. */
export const bodies = (text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  weighted(
    [30, text.map(encode)],
    [1, text.chain(broken).map(encode)],
    [1, text.map(whole => encode(whole.slice(0, Math.floor(whole.length / 2))))],
    [1, fc.constantFrom(...oddBodies)],
  );

const oddContentTypes = [
  'application/json; charset=utf-16',
  'application/json;charset=latin1',
  'Application/JSON',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/graphql',
  'application/json, application/json',
  ';',
  '/',
];

const oddHeaders: readonly (readonly [string, string])[] = [
  ['authorization', 'Bearer x'],
  ['authorization', 'Basic Og=='],
  ['authorization', ''],
  ['x-request-id', 'x'.repeat(300)],
  ['x-request-id', 'a b\u00ff'],
  ['user-agent', 'prefect/3.8.8'],
  ['user-agent', ''],
  ['cookie', 'a=b; c'],
  ['origin', 'http://elsewhere.example'],
  ['sec-fetch-site', 'cross-site'],
  ['accept-encoding', 'gzip;q=nonsense'],
  ['accept-language', '*'],
  ['content-encoding', 'gzip'],
  ['if-none-match', '*'],
  ['range', 'bytes=0-1'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-for', '::1, unknown'],
  ['x-prefect-api-version', '0.8.4'],
  ['x-prefect-api-version', '0.7.9'],
  ['x-prefect-api-version', '99999999999999999999.0.0'],
  ['x-prefect-api-version', 'v1'],
  ['traceparent', '00-0-0-0'],
  ['prefer', 'wait=0'],
];

const accepts = [
  '*/*',
  'application/graphql-response+json',
  'application/graphql-response+json, application/json;q=0.9',
  'text/html;q=0.1, application/json',
  'multipart/mixed, application/json',
  'application/xml',
  'nonsense',
  ', ,',
];

/** Headers of a request that has a JSON body, now and then odd ones. */
export const requestHeaders: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    weighted([20, fc.constant('application/json')], [1, fc.constantFrom(...oddContentTypes)]),
    weighted([10, fc.constant('application/json')], [3, fc.constantFrom(...accepts)]),
    weighted([8, fc.constant(null)], [1, fc.constantFrom(...oddHeaders)]),
  )
  .map(([contentType, accept, odd]) => ({
    'content-type': contentType,
    accept,
    ...(odd && { [odd[0]]: odd[1] }),
  }));
