import * as fc from 'fast-check';
import { bodies, requestHeaders } from './alterations';
import type { Call } from './call';
import { valuesOf } from './jsonSchema';
import type { Known } from './known';
import { type RestRoute, restRoutes } from './restRoutes';
import { idTexts, json, weighted } from './scalars';
import { toJson } from './value';

const oddParts = [
  '%00',
  '%',
  '%2F',
  '..',
  '.',
  '%E0%A4%A',
  '%D0%BA',
  '%20',
  ':id',
  '*',
  '{}',
  'x'.repeat(2000),
];

const oddQueries = [
  '?',
  '?limit=1',
  '?flow_run_id=',
  '?flow_run_id=a&flow_run_id=b',
  '?flow_run_id[]=a',
  '?__proto__[a]=1',
  '?%',
  '?a=%E0%A4%A',
  '?%00=1',
  `?${'a=1&'.repeat(200)}`,
];

/** Path and query of a call of a route. */
function targetsOf({ path, query, idOf }: RestRoute, known: Known): fc.Arbitrary<string> {
  const parts =
    idOf === undefined
      ? fc.constant('')
      : weighted([12, idTexts(known, [idOf]).map(encodeURIComponent)], [1, fc.constantFrom(...oddParts)]);
  const slash = weighted([4, fc.constant('')], [1, fc.constant('/')]);
  const queries = weighted([20, fc.constant('')], [1, fc.constantFrom(...oddQueries)]);
  return fc
    .tuple(parts, slash, queries)
    .map(([part, end, odd]) =>
      query === undefined
        ? `${path.replace(':id', part)}${end}${odd}`
        : `${path}${end}${odd === '' ? `?${query}=${part}` : odd}`,
    );
}

const methods: Record<RestRoute['method'], fc.Arbitrary<string>> = {
  GET: weighted([20, fc.constant('GET')], [1, fc.constantFrom('POST', 'HEAD', 'PUT', 'OPTIONS')]),
  POST: weighted([40, fc.constant('POST')], [1, fc.constantFrom('GET', 'PATCH', 'PUT', 'OPTIONS')]),
  DELETE: weighted([10, fc.constant('DELETE')], [1, fc.constantFrom('POST', 'PATCH')]),
};

const bodyless = new Set(['GET', 'HEAD', 'OPTIONS']);

function callsOf(route: RestRoute, known: Known): fc.Arbitrary<Call> {
  const values = route.body === null ? json : valuesOf(route.body, known, [route.path]);
  const anyBody = weighted([40, values], [1, json]).map(toJson);
  return fc
    .tuple(methods[route.method], targetsOf(route, known), requestHeaders, bodies(anyBody))
    .map(([method, target, headers, body]) => ({
      method,
      target,
      headers,
      body: bodyless.has(method) ? null : body,
      mayWrite: route.mayWrite || method === 'DELETE',
      describesSchema: false,
    }));
}

/** Calls of every REST route, with bodies of their own shape, of another, and of none. */
export const restCalls = (known: Known): fc.Arbitrary<Call> =>
  fc.oneof(
    ...restRoutes.map(route => ({ weight: route.body === null ? 1 : 3, arbitrary: callsOf(route, known) })),
  );
