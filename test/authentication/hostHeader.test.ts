import { isLoopbackHost, isSameOrigin } from '../../src/authentication';

describe('isLoopbackHost', () => {
  it.each([
    'localhost',
    'LOCALHOST:4200',
    '127.0.0.1',
    '127.0.0.1:4200',
    '127.255.1.2',
    '[::1]',
    '[::1]:4200',
  ])('takes %s for this machine', host => expect(isLoopbackHost(host)).toBe(true));

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
  ])('takes %s for another', host => expect(isLoopbackHost(host)).toBe(false));
});

describe('isSameOrigin', () => {
  it.each([
    [null, 'localhost:4200'],
    ['http://localhost:4200', 'localhost:4200'],
    ['https://switchyard.example.com', 'switchyard.example.com'],
  ])('lets %s reach %s', (origin, host) => expect(isSameOrigin(origin, host)).toBe(true));

  it.each([
    ['http://evil.example.com', 'localhost:4200'],
    ['http://localhost:3000', 'localhost:4200'],
    ['null', 'localhost:4200'],
    ['http://localhost:4200', null],
  ])('does not let %s reach %s', (origin, host) => expect(isSameOrigin(origin, host)).toBe(false));
});
