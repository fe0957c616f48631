import { isAllowedOrigin } from '../../src/authentication';

describe('isAllowedOrigin', () => {
  it.each([
    [null, 'localhost:4200'],
    ['http://localhost:4200', 'localhost:4200'],
    ['https://switchyard.example.com', 'switchyard.example.com'],
  ])('lets a page of %s reach %s', (origin, host) => expect(isAllowedOrigin(origin, host, [])).toBe(true));

  it.each([
    ['http://evil.example.com', 'localhost:4200'],
    ['http://localhost:3000', 'localhost:4200'],
    ['null', 'localhost:4200'],
    ['http://localhost:4200', null],
  ])('does not let a page of %s reach %s', (origin, host) =>
    expect(isAllowedOrigin(origin, host, [])).toBe(false),
  );

  const allowed = ['https://ops.example.com'];

  it('lets an allowed origin reach another host', () =>
    expect(isAllowedOrigin('https://ops.example.com', 'localhost:4200', allowed)).toBe(true));

  it.each([
    'http://ops.example.com',
    'https://ops.example.com:8443',
    'https://ops.example.com.evil.org',
    'null',
  ])('does not accept %s as an allowed origin', origin =>
    expect(isAllowedOrigin(origin, 'localhost:4200', allowed)).toBe(false),
  );
});
