import { createLogger, type Logger, requestScope } from '../src/logging';

function logged(write: (logger: Logger) => void, level = 'info'): string {
  let text = '';
  write(createLogger(level, { write: line => void (text += line) }));
  return text;
}

describe('the log', () => {
  it('is one JSON object a line', () => {
    const lines = logged(logger => {
      logger.info({ port: 4200 }, 'Listening');
      logger.warn('Slow');
    })
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines).toEqual([
      { level: 'info', time: expect.any(String), port: 4200, msg: 'Listening' },
      { level: 'warn', time: expect.any(String), msg: 'Slow' },
    ]);
  });

  it('leaves out what is below its level', () => {
    expect(logged(logger => logger.info('Listening'), 'error')).toBe('');
  });

  it('names the request that a line belongs to', () => {
    const line = logged(logger => requestScope.run({ requestId: 'r-1' }, () => logger.info('Answered')));
    expect(JSON.parse(line)).toMatchObject({ requestId: 'r-1', msg: 'Answered' });
  });

  it.each<[string, (logger: Logger) => void]>([
    ['an authorization header', logger => logger.info({ headers: { authorization: 'Basic hunter2' } })],
    ['a bearer token in a message', logger => logger.info('Got Authorization: Bearer hunter2')],
    ['the password of a database', logger => logger.info({ url: 'mysql://me:hunter2@host/name' })],
    ['a password in an error', logger => logger.error({ err: new Error('No mysql://me:hunter2@host/name') })],
  ])('keeps %s to itself', (_what, write) => {
    const line = logged(write);
    expect(line).toContain('[redacted]');
    expect(line).not.toContain('hunter2');
    expect(() => JSON.parse(line)).not.toThrow();
  });
});
