import { type Environment, readConfig } from '../../src/config/config';
import { databaseAddressText, parseDatabaseAddress, type TlsMode } from '../../src/config/databaseAddress';
import { parseRedisAddress } from '../../src/config/redisAddress';
import { AddressError } from '../../src/config/serverAddress';

const problemOf = (text: string, parse: (text: string) => unknown = parseDatabaseAddress): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof AddressError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('the address of a database', () => {
  it('reads an IPv6 host without its brackets', () => {
    const address = parseDatabaseAddress('mysql://u:p@[::1]:3307/db');
    expect(address).toMatchObject({ host: '::1', port: 3307, user: 'u', password: 'p', database: 'db' });
    expect(databaseAddressText(address)).toBe('[::1]:3307');
  });

  it('decodes user, password, host and name', () => {
    expect(parseDatabaseAddress('mariadb://a%40b:p%40ss%2Fw%23rd%3F%25@my%2Dhost/switch%2Dyard')).toEqual({
      kind: 'mariadb',
      host: 'my-host',
      port: 3306,
      user: 'a@b',
      password: 'p@ss/w#rd?%',
      database: 'switch-yard',
      tlsMode: 'DISABLED',
    });
  });

  it.each<[string, TlsMode]>([
    ['', 'DISABLED'],
    ['?ssl-mode=required', 'REQUIRED'],
    ['?ssl-mode=VERIFY_CA', 'VERIFY_CA'],
    ['?ssl-mode=Verify_Identity', 'VERIFY_IDENTITY'],
  ])('reads %s as the encryption %s', (query, tlsMode) => {
    expect(parseDatabaseAddress(`mysql://host/db${query}`)).toMatchObject({ tlsMode });
  });

  it.each([
    ['an @ in the password', 'mysql://u:p@ss@h/db', 'is ambiguous'],
    ['an @, a / and a # in the password', 'mysql://u:p@ss/w#rd@h/db', 'is ambiguous'],
    ['a / in the password', 'mysql://u:pa/ss@h/db', 'is ambiguous'],
    ['a ? in the password', 'mysql://u:pa?ss@h/db', 'is ambiguous'],
    ['a # in the password', 'mysql://u:pa#ss@h/db', 'is ambiguous'],
    ['a lone % in the password', 'mysql://u:100%@h/db', 'has a % without'],
    ['a line break', 'mysql://u:p@h/db\n', 'has a space or a control character'],
    ['a space', 'mysql://u:p p@h/db', 'has a space'],
    ['a port out of range', 'mysql://u:p@h:99999/db', 'must have a port from 1 to 65535'],
    ['no host', 'mysql://u:p@/db', 'has no valid host'],
    ['brackets around a name', 'mysql://u:p@[host]/db', 'has brackets around'],
    ['no database', 'mysql://u:p@h', 'must end in the name of the database'],
    ['a path of two parts', 'mysql://u:p@h/db/more', 'is ambiguous'],
    ['an unknown parameter', 'mysql://u:p@h/db?charset=latin1', 'has a parameter other than ssl-mode'],
    ['an unknown mode', 'mysql://u:p@h/db?ssl-mode=YES', 'has an ssl-mode that is none of'],
    ['a parameter twice', 'mysql://u:p@h/db?ssl-mode=REQUIRED&ssl-mode=DISABLED', 'has a parameter twice'],
    [
      'an IP address that a certificate would have to name',
      'mysql://u:p@127.0.0.1/db?ssl-mode=VERIFY_IDENTITY',
      'must name its host',
    ],
    ['another scheme', 'postgres://u:p@h/db', 'must be file:PATH'],
  ])('rejects the address of a database with %s', (_what, text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });
});

describe('the address of a Redis server', () => {
  it('decodes the address of a Redis server, also with an IPv6 host', () => {
    expect(parseRedisAddress('rediss://:p%40ss@[::1]/3')).toEqual({
      host: '::1',
      port: 6379,
      user: undefined,
      password: 'p@ss',
      database: 3,
      tls: true,
    });
  });

  it.each([
    ['an @ in the password', 'redis://:p@ss@h'],
    ['a # in the password', 'redis://:p#ss@h'],
    ['a name for a number', 'redis://h/name'],
    ['a parameter', 'redis://h?family=6'],
  ])('rejects the address of a Redis server with %s', (_what, text) => {
    expect(problemOf(text, parseRedisAddress)).not.toBe('');
  });
});

describe('a password with special characters', () => {
  // From a seed, so that a failure is the same at each run.
  function* passwords(count: number): Generator<string> {
    const letters = 'abXY09@/#?%:&=+[]\\ "\'!$;,~^`{}|<>éß\u0000\n';
    let seed = 42;
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
    for (let index = 0; index < count; index++)
      yield Array.from({ length: 12 }, () => letters[next() % letters.length]).join('');
  }

  /** Every part of a password that somebody could recognize it by. */
  const partsOf = (password: string): string[] =>
    [password, ...password.split(/[@/#?%:&,\s]/)].filter(part => part.length >= 4);

  const messageOf = (environment: Environment): string => {
    try {
      readConfig(environment);
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it('does not appear in any message about a setting, whole or in part', () => {
    for (const password of passwords(500)) {
      const message = [
        { DATABASE_URL: `mysql://me:${password}@host/name` },
        { DATABASE_URL: `mysql://me:${password}` },
        { DATABASE_URL: password },
        { DATABASE_REPLICA_URLS: `mysql://host/name,mysql://me:${password}@host/name` },
        { REDIS_URL: `redis://:${password}@host` },
        { JWKS_URL: `https://me:${password}@host/keys` },
        { API_KEYS: password },
      ]
        .map(messageOf)
        .join('\n');
      for (const part of partsOf(password)) expect(message).not.toContain(part);
    }
  });

  it('is read exactly, or the address is rejected', () => {
    for (const password of passwords(500)) {
      const encoded = encodeURIComponent(password);
      expect(parseDatabaseAddress(`mysql://me:${encoded}@host/name`)).toMatchObject({
        password,
        host: 'host',
      });
      let address: unknown = null;
      try {
        address = parseDatabaseAddress(`mysql://me:${password}@host/name`);
      } catch {
        continue;
      }
      expect(address).toMatchObject({ host: 'host', database: 'name', user: 'me' });
    }
  });
});
