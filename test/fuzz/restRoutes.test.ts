import { restRoutes } from '../../fuzz/restRoutes';
import { createRest } from '../../src/http/rest';
import type { Services } from '../../src/transitions/services';

test('the fuzzer calls every REST route', () => {
  // No route is called, so no route needs its services.
  const rest = createRest({} as Services, {
    maxListLength: 10_000,
    maxPageSize: 200,
    requestTimeoutSeconds: 30,
  });
  const served = rest.routes.filter(({ method }) => method !== 'ALL');

  expect(served.length).toBeGreaterThan(0);
  expect(new Set(restRoutes.map(({ method, path }) => `${method} ${path}`))).toEqual(
    new Set(served.map(({ method, path }) => `${method} ${path}`)),
  );
});
