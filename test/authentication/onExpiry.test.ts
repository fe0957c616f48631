import { onExpiry } from '../../src/authentication';

const inAYear = Date.now() + 365 * 86_400_000;
const actor = { name: 'ada', scopes: new Set<never>(), expiresAt: inAYear };

test('credentials expire at their time by the clock of the caller', async () => {
  await new Promise<void>(resolve => onExpiry(actor, resolve, () => inAYear));
});

test('a cancelled callback does not run when the credentials expire', async () => {
  const cancelled = jest.fn();
  onExpiry(actor, cancelled, () => inAYear)();
  await new Promise<void>(resolve => onExpiry(actor, resolve, () => inAYear));
  expect(cancelled).not.toHaveBeenCalled();
});
