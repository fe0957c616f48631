import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { openApplication } from '../src/bootstrap';
import { ConfigurationError, readConfig } from '../src/config/config';
import { openDatabase } from '../src/persistence/connection/database';
import { FlowRunEntity } from '../src/persistence/entities/flowRun';
import { createLogger } from '../src/platform/logging';
import { toClientError } from '../src/transitions/databaseErrors';
import { type DatabaseServer, startMysql } from './databases/server';
import { createDatabase } from './databases/sql';
import { missingMysql } from './databases/testRun';
import { type Certificate, issueCertificate } from './harness/certificates';
import { describeWhere } from './harness/describeWhere';
import { forwardTo } from './harness/forwarder';
import { askAt, startGateway, type TestGateway } from './harness/gateway';
import { startGatewayProcess } from './harness/gatewayProcess';
import { seedingThrough } from './harness/seeding';
import { until } from './harness/waiting';

describeWhere(missingMysql(), 'a MySQL server', declareTests);

const unavailable = { errors: [{ extensions: { code: 'UNAVAILABLE' } }] };

function declareTests(): void {
  let server: DatabaseServer;
  let successor: DatabaseServer;
  beforeAll(async () => {
    [server, successor] = await Promise.all([startMysql(), startMysql()]);
  }, 120_000);
  afterAll(() => Promise.all([server?.stop(), successor?.stop()]));

  async function root(statement: string, url = server.url): Promise<RowDataPacket[]> {
    const connection = await createConnection({ uri: url, ssl: { rejectUnauthorized: false } });
    try {
      const [rows] = await connection.query<RowDataPacket[]>(statement);
      return rows;
    } finally {
      connection.destroy();
    }
  }

  /** A database of its own, and a user who may use nothing else. */
  async function createUser(name: string, password: string, limits = ''): Promise<URL> {
    const url = new URL(await createDatabase(server.url));
    await root(`CREATE USER ${name}@'%' IDENTIFIED BY '${password}' ${limits}`);
    await root(`GRANT ALL ON ${url.pathname.slice(1)}.* TO ${name}@'%'`);
    url.username = name;
    url.password = password;
    return url;
  }

  async function endConnectionsOf(name: string): Promise<void> {
    const rows = await root(`SELECT id FROM information_schema.processlist WHERE user = '${name}'`);
    for (const { id, ID = id } of rows) await root(`KILL ${ID}`);
  }

  const ready = async (url: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(new URL('/readyz', url));
    return { status: response.status, body: await response.json() };
  };

  const startProblem = async (settings: Record<string, string>): Promise<string> => {
    const config = readConfig({ PORT: '0', ...settings });
    try {
      const application = await openApplication(config, createLogger('silent'));
      await application.close();
    } catch (error) {
      if (error instanceof ConfigurationError) return error.message;
      throw error;
    }
    throw new Error('it started');
  };

  test('ends the start if it is of another kind than its address says, and names the schemes', async () => {
    const url = await createDatabase(server.url);
    const other = url.startsWith('mysql:')
      ? url.replace('mysql:', 'mariadb:')
      : url.replace('mariadb:', 'mysql:');
    expect(await startProblem({ DATABASE_URL: other })).toContain(
      'Write mariadb:// in DATABASE_URL for a MariaDB server',
    );
  });

  describe('with TLS', () => {
    let url: string;
    let folder: string;
    let ca: string;
    beforeAll(async () => {
      url = await createDatabase(server.url);
      const [row] = await root('SELECT @@datadir AS folder');
      folder = String(row?.folder);
      ca = join(folder, 'ca.pem');
    });
    afterAll(() => root('SET GLOBAL require_secure_transport = OFF'));

    async function cipher(mode: string, withCa = false): Promise<string> {
      const tlsFiles = withCa ? { ca: readFileSync(ca, 'utf8') } : {};
      const database = await openDatabase({ url: `${url}?ssl-mode=${mode}`, tlsFiles });
      try {
        const rows: { Value: string }[] = await database.primary.query("SHOW STATUS LIKE 'Ssl_cipher'");
        return rows[0]?.Value ?? '';
      } finally {
        await database.close();
      }
    }

    test('encrypts according to ssl-mode', async () => {
      expect(await cipher('DISABLED')).toBe('');
      expect(await cipher('PREFERRED')).not.toBe('');
      expect(await cipher('REQUIRED')).not.toBe('');
      expect(await cipher('VERIFY_CA', true)).not.toBe('');
    });

    test('ends the start if its certificate is not accepted, and names the setting', async () => {
      expect(await startProblem({ DATABASE_URL: `${url}?ssl-mode=VERIFY_CA` })).toContain('DATABASE_CA');
      const byName = url.replace('127.0.0.1', 'localhost');
      expect(
        await startProblem({ DATABASE_URL: `${byName}?ssl-mode=VERIFY_IDENTITY`, DATABASE_CA: ca }),
      ).toContain('Check ssl-mode in DATABASE_URL');
      expect(
        await startProblem({ DATABASE_URL: `${url}?ssl-mode=VERIFY_CA`, DATABASE_CA: '/nowhere.pem' }),
      ).toContain('DATABASE_CA cannot be read');
    });

    async function identifyAs({ certificate, key }: Certificate): Promise<void> {
      await root(`SET GLOBAL ssl_cert = '${certificate}', GLOBAL ssl_key = '${key}'`);
      await root('ALTER INSTANCE RELOAD TLS');
    }

    test('is used with VERIFY_IDENTITY only if its certificate has the name in the address', async () => {
      const own = { certificate: join(folder, 'server-cert.pem'), key: join(folder, 'server-key.pem') };
      const byName = `${url.replace('127.0.0.1', 'localhost')}?ssl-mode=VERIFY_IDENTITY`;
      const settings = { DATABASE_URL: byName, DATABASE_CA: ca };
      try {
        await identifyAs(await issueCertificate(folder, 'DNS:elsewhere.example.com,IP:127.0.0.1'));
        expect(await startProblem(settings)).toContain('Check ssl-mode in DATABASE_URL');

        await identifyAs(await issueCertificate(folder, 'DNS:elsewhere.example.com,DNS:localhost'));
        const gateway = await startGateway(byName, settings);
        try {
          expect(await gateway.ask('{ flowRuns { totalCount } }')).toEqual({ flowRuns: { totalCount: 0 } });
        } finally {
          await gateway.close();
        }
        // The authority counts as well.
        expect(await startProblem({ DATABASE_URL: byName })).toContain('DATABASE_CA');
      } finally {
        await identifyAs(own);
      }
    });

    test('that requires a client certificate accepts the configured one, and rejects a gateway without it', async () => {
      const address = await createUser('certified', 'secret');
      await root("ALTER USER certified@'%' REQUIRE X509");
      address.searchParams.set('ssl-mode', 'VERIFY_CA');
      const client = await issueCertificate(folder, 'DNS:client');
      const settings = { DATABASE_URL: address.href, DATABASE_CA: ca };
      expect(await startProblem(settings)).toContain('Access denied');

      const gateway = await startGateway(address.href, {
        DATABASE_CA: ca,
        DATABASE_CLIENT_CERTIFICATE: client.certificate,
        DATABASE_CLIENT_KEY: client.key,
      });
      try {
        expect(await gateway.ask('{ flowRuns { totalCount } }')).toEqual({ flowRuns: { totalCount: 0 } });
      } finally {
        await gateway.close();
      }
    });

    test('ends the start if it requires TLS and the address does not have it', async () => {
      await root('SET GLOBAL require_secure_transport = ON');
      expect(await startProblem({ DATABASE_URL: url })).toContain('Add ?ssl-mode=REQUIRED to DATABASE_URL');
      expect(await cipher('REQUIRED')).not.toBe('');
    });
  });

  test('that allows few connections delays calls, and fails none', async () => {
    const url = await createUser('limited', 'p@ss/w#rd', 'WITH MAX_USER_CONNECTIONS 3');
    url.password = encodeURIComponent('p@ss/w#rd');
    const gateway = await startGateway(url.href);
    try {
      const flowId = await seedingThrough(gateway.ask).createFlow('etl');
      await seedingThrough(gateway.ask).createFlowRuns(
        Array.from({ length: 20 }, () => ({ flowId, state: { type: 'RUNNING' } })),
      );
      const calls = Array.from({ length: 60 }, (_, index) =>
        gateway.ask(
          index % 3 === 0
            ? 'mutation { bulkSetFlowRunState(input: { state: { type: RUNNING } }) { results { status } } }'
            : '{ flowRuns { totalCount nodes { id state { type } } } }',
        ),
      );
      const results = await Promise.allSettled(calls);
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    } finally {
      await gateway.close();
    }
  }, 60_000);

  test('that allows two connections is migrated and used', async () => {
    const gateway = await startGateway(
      (await createUser('narrow', 'secret', 'WITH MAX_USER_CONNECTIONS 2')).href,
    );
    try {
      await seedingThrough(gateway.ask).createFlow('etl');
      const calls = Array.from({ length: 10 }, () => gateway.ask('{ flowRuns { totalCount } }'));
      await Promise.all(calls);
    } finally {
      await gateway.close();
    }
  }, 60_000);

  test('that ends idle connections fails no call', async () => {
    const url = await createUser('idle', 'secret');
    const gateway = await startGateway(url.href);
    try {
      const seeding = seedingThrough(gateway.ask);
      for (let round = 0; round < 3; round++) {
        await Promise.all([1, 2, 3, 4, 5].map(() => gateway.ask('{ flowRuns { totalCount } }')));
        await endConnectionsOf('idle');
        await seeding.createFlow(`flow ${round}`);
        await endConnectionsOf('idle');
        await gateway.ask(
          'mutation { bulkSetFlowRunState(input: { state: { type: CANCELLED } }) { results { status } } }',
        );
        await endConnectionsOf('idle');
        await gateway.ask('{ flowRuns { totalCount } }');
      }
    } finally {
      await gateway.close();
    }
  }, 60_000);

  describe('whose tables an administrator locks', () => {
    const boundSeconds = 20;
    const set =
      'mutation { bulkSetFlowRunState(input: { state: { type: CANCELLED } }) { results { status } } }';
    const read = '{ flowRuns { nodes { stateType } } }';
    let url: string;
    let gateway: TestGateway;
    const administrators: Connection[] = [];

    async function connect(): Promise<Connection> {
      const connection = await createConnection({ uri: url, ssl: { rejectUnauthorized: false } });
      administrators.push(connection);
      return connection;
    }

    beforeAll(async () => {
      url = await createDatabase(server.url);
      gateway = await startGateway(url);
      const flowId = await seedingThrough(gateway.ask).createFlow('etl');
      await seedingThrough(gateway.ask).createFlowRuns([{ flowId, state: { type: 'RUNNING' } }]);
    });
    afterEach(async () => {
      for (const connection of administrators.splice(0)) connection.destroy();
      await until(async () => (await ready(gateway.url)).status === 200);
    });
    afterAll(() => gateway?.close());

    test('for a backup makes writes unavailable soon, and reads continue', async () => {
      await (await connect()).query('FLUSH TABLES WITH READ LOCK');
      const started = performance.now();
      const write = gateway.ask(set).then(
        () => null,
        (error: unknown) => error,
      );
      const readiness = ready(gateway.url);
      expect(await gateway.ask(read)).toEqual({ flowRuns: { nodes: [{ stateType: 'RUNNING' }] } });
      expect(await write).toMatchObject(unavailable);
      expect((await readiness).status).toBe(503);
      expect(performance.now() - started).toBeLessThan(boundSeconds * 1000);
    }, 60_000);

    test('for a change makes calls on them unavailable soon, and affects no other table', async () => {
      const reader = await connect();
      await reader.query('START TRANSACTION');
      await reader.query(`SELECT COUNT(*) FROM ${FlowRunEntity.tableName}`);
      const change = (await connect())
        .query(`ALTER TABLE ${FlowRunEntity.tableName} ADD COLUMN more INT`)
        .catch(String);
      await until(async () => {
        const rows = await root(
          "SELECT id FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock'",
        );
        return rows.length > 0;
      });
      const started = performance.now();
      await Promise.all([
        ...[set, read].map(query => expect(gateway.ask(query)).rejects.toMatchObject(unavailable)),
        expect(ready(gateway.url)).resolves.toMatchObject({ status: 200 }),
        seedingThrough(gateway.ask).createFlow('meanwhile'),
      ]);
      expect(performance.now() - started).toBeLessThan(boundSeconds * 1000);
      await reader.query('ROLLBACK');
      await change;
      expect(await gateway.ask(set)).toMatchObject({
        bulkSetFlowRunState: { results: [{ status: 'ACCEPT' }] },
      });
    }, 60_000);
  });

  test('that rejects the password makes calls unavailable until it accepts it again', async () => {
    const url = await createUser('changing', 'first');
    const gateway = await startGateway(url.href);
    try {
      await gateway.ask('{ flowRuns { totalCount } }');
      await root("ALTER USER changing@'%' IDENTIFIED BY 'second'");
      await endConnectionsOf('changing');
      await expect(gateway.ask('{ flowRuns { totalCount } }')).rejects.toMatchObject(unavailable);
      expect(await ready(gateway.url)).toMatchObject({
        status: 503,
        body: { reason: 'The database does not accept this process.' },
      });
      await root("ALTER USER changing@'%' IDENTIFIED BY 'first'");
      await gateway.ask('{ flowRuns { totalCount } }');
    } finally {
      await gateway.close();
    }
  }, 60_000);

  test('ends statements that take too long, and the caller receives TIMEOUT', async () => {
    const database = await openDatabase({ url: await createDatabase(server.url), statementSeconds: 1 });
    try {
      const columns = 'information_schema.columns';
      const slow = database.primary.query(`SELECT COUNT(*) FROM ${columns} a, ${columns} b, ${columns} c`);
      const error: unknown = await slow.then(() => null, toClientError);
      expect(error).toMatchObject({ code: 'TIMEOUT' });
      // The connection serves on.
      expect(await database.primary.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
    } finally {
      await database.close();
    }
  }, 60_000);

  test('without tables makes calls unavailable, and one line says what to run', async () => {
    const proxy = await forwardTo(await createDatabase(server.url));
    const gateway = startGatewayProcess(proxy.url, {
      MIGRATE: 'off',
      EXPIRED_LEASES: 'on',
      BACKGROUND_SECONDS: '1',
    });
    try {
      const url = await gateway.url();
      await expect(askAt(`${url}/graphql`)('{ flowRuns { totalCount } }')).rejects.toMatchObject(unavailable);
      expect(await ready(url)).toMatchObject({
        status: 503,
        body: { reason: 'The database is not migrated.' },
      });
      await gateway.printed(/the worker waits for its database: The database is not migrated/);
      await gateway.printed(/background services try again in 1 s: The database is not migrated/);
      // Both try again, and fail again without a line.
      const before = proxy.statements();
      await until(() => proxy.statements() >= before + 12);
      expect(
        gateway.output().match(/run \\"switchyard migrate up\\", or start once with MIGRATE=on/g),
      ).toHaveLength(1);
      expect(gateway.output().split('\n').length).toBeLessThan(10);
      expect(gateway.output()).not.toContain('stack');
    } finally {
      await gateway.kill();
      await proxy.cut();
    }
  }, 60_000);

  test('that a newer version has migrated is used, and the log reports it', async () => {
    const url = await createDatabase(server.url);
    await (await startGateway(url)).close();
    await root("INSERT INTO migration (timestamp, name) VALUES (9999999999999, 'Later9999999999999')", url);
    const gateway = startGatewayProcess(url);
    try {
      await gateway.printed(/the database has 1 migrations that this version does not know/);
      expect((await ready(await gateway.url())).status).toBe(200);
    } finally {
      await gateway.kill();
    }
  }, 60_000);

  test('whose role another server took over is left at once, although its connections are open', async () => {
    const url = await createDatabase(server.url);
    const name = new URL(url).pathname.slice(1);
    await root(`CREATE DATABASE ${name}`, successor.url);
    const newUrl = `${successor.url}/${name}`;
    const id = '11111111-1111-4111-8111-111111111111';
    for (const each of [url, newUrl]) {
      const seeder = await startGateway(each);
      const flowId = await seedingThrough(seeder.ask).createFlow('etl');
      await seedingThrough(seeder.ask).createFlowRuns([{ id, flowId, state: { type: 'RUNNING' } }]);
      await seeder.close();
    }
    const proxy = await forwardTo(url);
    const gateway = await startGateway(proxy.url);
    const move = () =>
      gateway.ask(
        'mutation { bulkSetFlowRunState(input: { state: { type: COMPLETED } }) { results { status } } }',
      );
    try {
      await Promise.all([1, 2, 3].map(() => gateway.ask('{ flowRuns { totalCount } }')));
      await root('SET GLOBAL super_read_only = ON');
      await expect(move()).rejects.toMatchObject(unavailable);
      expect(await ready(gateway.url)).toMatchObject({
        status: 503,
        body: { reason: 'The database is read-only.' },
      });

      proxy.leadTo(newUrl);
      await until(async () => (await ready(gateway.url)).status === 200);
      expect(await move()).toMatchObject({ bulkSetFlowRunState: { results: [{ status: 'ACCEPT' }] } });
      const opened = await openDatabase({ url: newUrl });
      const [run] = await opened.writer.getRepository(FlowRunEntity).find().finally(opened.close);
      expect(run).toMatchObject({ id, stateType: 'COMPLETED' });
    } finally {
      await gateway.close();
      await proxy.cut();
      await root('SET GLOBAL super_read_only = OFF');
      await root('SET GLOBAL read_only = OFF');
    }
  }, 60_000);
}
