import { renewsLeases } from '../../src/authentication/userAgent';

test.each([
  'prefect/3.4.11',
  'prefect/3.4.11.post1',
  'prefect/3.4.11+12.gabc (API 0.8.4)',
  'prefect/3.4.12',
  'prefect/3.5.0rc1 (API 0.8.4)',
  'prefect/3.8.8 (API 0.8.4)',
  'prefect/4.0.0',
  'prefect/10.0.0',
])('%s renews its leases itself', userAgent => {
  expect(renewsLeases(userAgent)).toBe(true);
});

test.each([
  null,
  '',
  'curl/8.0.0',
  'prefect/3.4.10',
  'prefect/3.4.10.post1',
  'prefect/3.4.11rc1 (API 0.8.4)',
  'prefect/3.4.11.dev2 (API 0.8.4)',
  'prefect/2.20.99',
  'prefect/3',
  'my-prefect/3.8.8',
])('%j does not renew its leases itself', userAgent => {
  expect(renewsLeases(userAgent)).toBe(false);
});
