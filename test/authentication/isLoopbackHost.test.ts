import { isLoopbackHost } from '../../src/authentication';

describe('isLoopbackHost', () => {
  it.each([
    'localhost',
    'LOCALHOST:4200',
    '127.0.0.1',
    '127.0.0.1:4200',
    '127.255.1.2',
    '[::1]',
    '[::1]:4200',
  ])('accepts %s as this machine', host => expect(isLoopbackHost(host)).toBe(true));

  it.each([
    null,
    undefined,
    '',
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '0.0.0.0',
    '128.0.0.1',
    '10.0.0.1:4200',
    '[::2]',
    'localhost:x',
    'evil.com:127',
    'localhost@example.com',
  ])('does not accept %s as this machine', host => expect(isLoopbackHost(host)).toBe(false));
});
