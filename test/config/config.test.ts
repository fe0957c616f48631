import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, type Environment, readConfig, settingsTable } from '../../src/config/config';
import { parseDatabaseAddress } from '../../src/config/databaseAddress';
import { parseRedisAddress } from '../../src/config/redisAddress';
import { settings } from '../../src/config/settings';

const digest = 'ab'.repeat(32);

function problemsOf(environment: Environment): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted');
}

describe('readConfig', () => {
  it('has a default for every required setting', () => {
    expect(readConfig({})).toEqual({
      allowedOrigins: [],
      databaseUrl: 'file:./data/switchyard.db',
      databaseReplicaUrls: [],
      databasePoolSize: 10,
      databaseStatementSeconds: 30,
      upstreamInFlight: 4,
      upstreamTimeoutSeconds: 90,
      upstreamSweepSeconds: 30,
      upstreamWalkHours: 6,
      migrate: true,
      port: 4200,
      host: '127.0.0.1',
      apiKeys: [],
      logLevel: 'info',
      introspection: true,
      console: true,
      graphiql: true,
      maxBodyBytes: 2_000_000,
      maxBodyBytesInFlight: 128_000_000,
      maxConnections: 5000,
      headerTimeoutSeconds: 10,
      receiveTimeoutSeconds: 30,
      sendTimeoutSeconds: 30,
      keepAliveSeconds: 75,
      maxSocketsPerCaller: 2000,
      maxSubscriptionsPerCaller: 2000,
      maxSubscriptionsPerSocket: 200,
      maxUnsentBytes: 16_000_000,
      socketInitSeconds: 5,
      maxDepth: 12,
      maxCost: 200_000,
      maxAliases: 50,
      maxTokens: 20_000,
      maxListLength: 10_000,
      maxPageSize: 200,
      maxQueryLength: 250_000,
      maxResponseBytes: 16_000_000,
      requestTimeoutSeconds: 30,
      leaseSeconds: 300,
      slotWaitSeconds: 30,
      trustedDocumentsOnly: false,
      expiredLeases: true,
      cancellingTimeout: true,
      cancellingTimeoutSeconds: 300,
      cancellationCleanup: true,
      expiredPauses: true,
      lateRuns: true,
      lateRunsAfterSeconds: 15,
      backgroundSeconds: 15,
      operationBatchSize: 1000,
      operationPlanSeconds: 900,
      operationRetryWaitSeconds: 3600,
      operationRetentionDays: 90,
      shutdownSeconds: 10,
    });
  });

  it('treats an empty variable as absent', () => {
    expect(readConfig({ PORT: '', JWKS_URL: '' })).toEqual(readConfig({}));
  });

  it('reads keys, their scopes and digests', () => {
    const { apiKeys } = readConfig({ API_KEYS: `ops:read+write:${digest}, ci:admin:${'CD'.repeat(32)}` });
    expect(apiKeys).toEqual([
      { name: 'ops', scopes: ['read', 'write'], sha256: digest },
      { name: 'ci', scopes: ['admin'], sha256: 'cd'.repeat(32) },
    ]);
  });

  it('reads databases and their replicas', () => {
    const config = readConfig({
      DATABASE_URL: 'mysql://root@127.0.0.1:3306/switchyard',
      DATABASE_REPLICA_URLS: 'mysql://a/switchyard, mysql://b/switchyard',
    });
    expect(config.databaseReplicaUrls).toEqual(['mysql://a/switchyard', 'mysql://b/switchyard']);
  });

  it('reads the address of Redis, and does not repeat a password in an error', () => {
    expect(readConfig({ REDIS_URL: 'rediss://:secret@redis:6379' }).redisUrl).toBe(
      'rediss://:secret@redis:6379',
    );
    for (const wrong of ['127.0.0.1:6379', 'http://:secret@redis', 'redis://'])
      expect(problemsOf({ REDIS_URL: wrong })).toMatch(
        /^The configuration cannot be used:\n- REDIS_URL must be redis:\/\/user:password@host:port\/number or rediss:\/\/…\. Example: \S+$/,
      );
  });

  describe('reads secrets from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-secrets-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const fileWith = (text: string): string => {
      const path = join(folder, randomUUID());
      writeFileSync(path, text);
      return path;
    };

    it('without the line break at the end of the file', () => {
      const { apiKeys } = readConfig({ API_KEYS_FILE: fileWith(`ops:read:${digest}\n`) });
      expect(apiKeys).toEqual([{ name: 'ops', scopes: ['read'], sha256: digest }]);
    });

    it('and rejects a variable beside its file, and a file that cannot be read', () => {
      const keys = `ops:read:${digest}`;
      expect(problemsOf({ API_KEYS: keys, API_KEYS_FILE: fileWith(keys) })).toContain(
        '- API_KEYS and API_KEYS_FILE are both set: remove one of them',
      );
      expect(problemsOf({ DATABASE_PASSWORD_FILE: '/no/such/file' })).toContain(
        '- DATABASE_PASSWORD_FILE names a file that cannot be read: /no/such/file (ENOENT)',
      );
    });

    it('and has no such file for a setting that is no secret', () => {
      expect(readConfig({ PORT_FILE: '/no/such/file' }).port).toBe(4200);
    });
  });

  describe('puts a password that is given by itself into addresses', () => {
    const password = 'p@ss/w#rd:%?';

    it.each([
      ['mysql://switchyard@db:3306/runs', 'switchyard'],
      ['mariadb://db/runs?ssl-mode=REQUIRED', undefined],
    ])('of databases such as %s, whatever characters it has', (url, user) => {
      const config = readConfig({
        DATABASE_URL: url,
        DATABASE_PASSWORD: password,
        DATABASE_REPLICA_URLS: `${url},${url.replace('//', '//other:own@').replace('switchyard@', '')}`,
      });
      const addresses = [config.databaseUrl, ...config.databaseReplicaUrls].map(parseDatabaseAddress);
      expect(addresses).toEqual([
        expect.objectContaining({ user, password }),
        expect.objectContaining({ user, password }),
        expect.objectContaining({ user: 'other', password: 'own' }),
      ]);
    });

    it('of Redis', () => {
      const { redisUrl } = readConfig({ REDIS_URL: 'redis://cache:6379/2', REDIS_PASSWORD: password });
      expect(parseRedisAddress(redisUrl ?? '')).toMatchObject({ host: 'cache', password, database: 2 });
    });

    it.each([
      [{ DATABASE_PASSWORD: 'secret' }, 'DATABASE_PASSWORD'],
      [{ DATABASE_PASSWORD: 'secret', DATABASE_URL: 'mysql://a:other@db/runs' }, 'DATABASE_PASSWORD'],
      [{ REDIS_PASSWORD: 'secret' }, 'REDIS_PASSWORD'],
      [{ REDIS_PASSWORD: 'secret', REDIS_URL: 'redis://:other@cache' }, 'REDIS_PASSWORD'],
    ])('and rejects one that has no address to go into: %o', (environment, name) => {
      const problems = problemsOf(environment);
      expect(problems).toContain(`- ${name} needs a`);
      expect(problems).not.toContain('secret');
    });
  });

  it('reads origins of web pages', () => {
    expect(
      readConfig({ ALLOWED_ORIGINS: 'https://ops.example.com, http://localhost:5173' }).allowedOrigins,
    ).toEqual(['https://ops.example.com', 'http://localhost:5173']);
    for (const wrong of [
      '*',
      'ops.example.com',
      'https://ops.example.com/',
      'https://OPS.example.com',
      'http://a:80',
    ])
      expect(problemsOf({ ALLOWED_ORIGINS: wrong })).toContain(
        'ALLOWED_ORIGINS must be origins in lower case',
      );
  });

  it('names all invalid settings together, with what is wrong and an example', () => {
    expect(problemsOf({ PORT: 'http', GRAPHIQL: 'yes', MAX_DEPTH: '0' })).toBe(
      [
        'The configuration cannot be used:',
        '- PORT must be a whole number from 0 to 65535 (it is "http"). Example: PORT=8080',
        '- GRAPHIQL must be on or off (it is "yes"). Example: GRAPHIQL=off',
        '- MAX_DEPTH must be a whole number from 1 to 1000 (it is "0"). Example: MAX_DEPTH=8',
      ].join('\n'),
    );
  });

  it.each([
    ['DATABASE_URL', 'postgres://me:hunter2@host/name', 'must be file:PATH'],
    ['DATABASE_URL', 'mysql://me:hunter2@host', 'must end in the name of the database'],
    ['DATABASE_REPLICA_URLS', 'file:hunter2', 'must be mysql:// or mariadb://'],
    ['API_KEYS', 'hunter2', 'key 1 must be name:scope+scope:digest'],
    ['API_KEYS', `ops:hunter2:${digest}`, 'key 1 has a scope that does not exist'],
    ['API_KEYS', `a:read:${digest},b:write:${digest}`, 'holds the same key twice'],
  ])('names what is wrong with %s=%s without repeating it', (name, value, problem) => {
    const message = problemsOf({ [name]: value });
    expect(message).toContain(`${name} ${problem}`);
    expect(message.split(' Example:')[0]).not.toMatch(/hunter2|abab/);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'switchyard.example.com'])(
    'rejects listening on %s without authentication',
    host => {
      expect(problemsOf({ HOST: host })).toContain(`HOST ${host} can be reached from other machines`);
      expect(readConfig({ HOST: host, JWKS_URL: 'https://login.example.com/keys' }).host).toBe(host);
      expect(readConfig({ HOST: host, API_KEYS: `ops:read:${digest}` }).host).toBe(host);
    },
  );

  it.each(['localhost', '127.0.0.1', '127.8.9.1', '::1'])('listens on %s without keys', host => {
    expect(readConfig({ HOST: host }).host).toBe(host);
  });

  it('rejects replicas of another kind of database, and replicas of a file', () => {
    const DATABASE_REPLICA_URLS = 'mariadb://replica/switchyard';
    expect(problemsOf({ DATABASE_REPLICA_URLS })).toContain('a file has no replicas');
    expect(problemsOf({ DATABASE_REPLICA_URLS, DATABASE_URL: 'mysql://host/name' })).toContain('same kind');
  });

  it('rejects certificates for an unencrypted connection, and an incomplete client certificate', () => {
    const DATABASE_URL = 'mysql://host/name';
    expect(problemsOf({ DATABASE_URL, DATABASE_CA: '/ca.pem' })).toContain(
      'DATABASE_CA has no effect without ?ssl-mode=',
    );
    expect(
      problemsOf({ DATABASE_URL: `${DATABASE_URL}?ssl-mode=required`, DATABASE_CLIENT_KEY: '/key.pem' }),
    ).toContain('must be set together');
  });

  it('rejects an address of JSON Web Keys with a password, and does not repeat it', () => {
    const message = problemsOf({ JWKS_URL: 'https://me:hunter2@login.example.com/keys' });
    expect(message).toContain('JWKS_URL must not contain a user name or password');
    expect(message).not.toContain('hunter2');
  });

  describe('of a Prefect server', () => {
    const PREFECT_API_URL = 'http://prefect:4200/api';

    it.each([
      'prefect:4200',
      'https://prefect/api?token=hunter2',
      'https://me:hunter2@prefect/api',
      'ws://prefect/api',
    ])('rejects the address %s, and does not repeat it', url => {
      const message = problemsOf({ PREFECT_API_URL: url });
      expect(message).toMatch(/- PREFECT_API_URL must /);
      expect(message).not.toContain('hunter2');
    });

    it.each([
      [{ PREFECT_API_KEY: 'hunter2', PREFECT_API_AUTH_STRING: 'me:hunter2' }, 'are both set'],
      [{ PREFECT_API_KEY: 'hunter2\nX: y' }, 'PREFECT_API_KEY must'],
      [{ PREFECT_API_AUTH_STRING: 'hunter2' }, 'PREFECT_API_AUTH_STRING must'],
    ])('rejects credentials that cannot be sent: %o', (environment, problem) => {
      const message = problemsOf({ PREFECT_API_URL, ...environment });
      expect(message).toContain(problem);
      expect(message).not.toContain('hunter2');
    });

    it('ignores credentials without an address, which its own client uses, too', () => {
      expect(
        readConfig({ PREFECT_API_KEY: 'a', PREFECT_API_AUTH_STRING: 'b' }).prefectApiUrl,
      ).toBeUndefined();
    });

    it.each(['0', '9'])('rejects %s requests at once', UPSTREAM_IN_FLIGHT => {
      expect(problemsOf({ UPSTREAM_IN_FLIGHT })).toContain('must be a whole number from 1 to 8');
    });
  });

  it('rejects an issuer or audience without a key set', () => {
    expect(problemsOf({ JWT_AUDIENCE: 'switchyard' })).toContain('JWKS_URL');
  });
});

describe('the table of settings', () => {
  it.each(Object.values(settings))(
    'has a default and an example of $name that pass its own check',
    setting => {
      const { check, example } = setting;
      expect(check.safeParse(setting.default ?? undefined).success).toBe(true);
      expect(check.safeParse(example).success).toBe(true);
    },
  );

  it('prints a row for each setting', () => {
    const lines = settingsTable().split('\n');
    expect(lines).toHaveLength(2 + Object.keys(settings).length);
    expect(lines).toContain('| `PORT` | The port to listen on; 0 for any free port. | `4200` | `8080` |');
  });

  it('equals the table in the README', () => {
    expect(readFileSync(join(__dirname, '../../README.md'), 'utf8')).toContain(settingsTable());
  });
});
