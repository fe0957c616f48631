import { type Database, openDatabase } from '../../src/persistence/connection/database';
import { createLogger, type Logger, requestScope } from '../../src/platform/logging';
import { describeOnEveryDatabase } from '../harness/databases';

function logged(write: (logger: Logger) => void, level = 'info'): string {
  let text = '';
  write(createLogger(level, { write: line => void (text += line) }));
  return text;
}

describe('the log', () => {
  it('has one JSON object per line', () => {
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

  it('omits lines below its level', () => {
    expect(logged(logger => logger.info('Listening'), 'error')).toBe('');
  });

  it('adds the id of the request to a line', () => {
    const line = logged(logger => requestScope.run({ requestId: 'r-1' }, () => logger.info('Answered')));
    expect(JSON.parse(line)).toMatchObject({ requestId: 'r-1', msg: 'Answered' });
  });

  it.each<[string, (logger: Logger) => void]>([
    ['an authorization header', logger => logger.info({ headers: { authorization: 'Basic hunter2' } })],
    ['a bearer token in a message', logger => logger.info('Got Authorization: Bearer hunter2')],
    ['the password of a database', logger => logger.info({ url: 'mysql://me:hunter2@host/name' })],
    ['a password in an error', logger => logger.error({ err: new Error('No mysql://me:hunter2@host/name') })],
  ])('does not contain %s', (_what, write) => {
    const line = logged(write);
    expect(line).toContain('[redacted]');
    expect(line).not.toContain('hunter2');
    expect(() => JSON.parse(line)).not.toThrow();
  });
});

describeOnEveryDatabase('the log of a database error', testDatabase => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ url: testDatabase.url });
    await database.migrate();
  });
  afterAll(() => database?.close());

  const row = (id: string, name: string) => [
    id,
    name,
    '2026-01-01 00:00:00.000000',
    '2026-01-01 00:00:00.000000',
  ];
  const insert = 'INSERT INTO flow (id, name, created, updated) VALUES (?, ?, ?, ?)';

  test('contains neither the statement nor its values, and is short', async () => {
    const marker = "caller's data";
    const name = `${marker} "quoted" \n    at ${marker}`;
    await database.writer.query(insert, row('1', name));
    const failures: [string, unknown[]][] = [
      [insert, row('2', name)],
      [insert, row(marker.repeat(20_000), 'name')],
      [insert, row('3', marker.repeat(20_000))],
      [`SELECT * FROM flow WHERE created = ? AND AND '${marker}'`, [marker]],
      ['SELECT * FROM nothing WHERE name = ?', [marker]],
    ];
    for (const [sql, parameters] of failures) {
      const error: unknown = await database.writer.query(sql, parameters).catch((thrown: unknown) => thrown);
      if (database.kind !== 'embedded') expect(error).toBeInstanceOf(Error);
      const wrapped = new Error('a batch failed', { cause: error });
      for (const err of [error, wrapped]) {
        const line = logged(logger => logger.error({ err }, 'a statement failed'));
        expect(line).not.toContain(marker);
        expect(line).not.toContain('flow WHERE');
        expect(line.length).toBeLessThan(10_000);
      }
    }
  });
});
