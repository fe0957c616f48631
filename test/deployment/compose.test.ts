import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config';
import { readRole, roles } from '../../src/config/role';
import { type Setting, settings } from '../../src/config/settings';

interface Service {
  image?: string;
  command: string[];
  environment: Record<string, string>;
  secrets?: readonly string[];
  depends_on?: Record<string, unknown>;
  deploy?: { replicas: number };
}

const text = readFileSync(resolve(__dirname, '../../compose.yaml'), 'utf8');

const key = `ops:admin:${'ab'.repeat(32)}`;

describe('compose.yaml', () => {
  const { services, secrets } = parse(text, { merge: true }) as {
    services: Record<string, Service>;
    secrets: Record<string, { environment: string }>;
  };
  const service = (name: string): Service => {
    const found = services[name];
    if (found === undefined) throw new Error(`compose.yaml has no ${name}`);
    return found;
  };

  test('describes MySQL, Redis, gateways and workers', () => {
    expect(Object.keys(services).sort()).toEqual(['gateway', 'mysql', 'redis', 'worker']);
    expect([service('mysql').image, service('redis').image]).toEqual(['mysql:9', 'redis:7']);
  });

  test.each(['gateway', 'worker'])(
    'starts two of %s, with a role that exists, after the services they need',
    name => {
      const { command, deploy, depends_on: needs } = service(name);
      expect(roles).toContain(name);
      expect(command[0]).toBe('serve');
      expect(readRole(command.slice(1))).toBe(name);
      expect(deploy).toEqual({ replicas: 2 });
      expect(Object.keys(needs ?? {}).sort()).toEqual(['mysql', 'redis']);
    },
  );

  const folder = mkdtempSync(join(tmpdir(), 'switchyard-compose-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What compose reads its secrets from: variables of its own environment. */
  const given: Record<string, string> = { MYSQL_PASSWORD: 'p@ss', REDIS_PASSWORD: 'w/rd', API_KEYS: key };

  /** The environment of a service, with files of this machine in place of those that compose mounts. */
  const environmentOf = (name: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(service(name).environment).map(([variable, value]) => {
        const secret = /^\/run\/secrets\/(\w+)$/.exec(value)?.[1];
        if (secret === undefined) return [variable, value];
        expect(service(name).secrets).toContain(secret);
        const path = join(folder, secret);
        writeFileSync(path, `${given[secrets[secret]?.environment ?? '']}\n`);
        return [variable, path];
      }),
    );

  test.each(['gateway', 'worker'])('gives %s settings that exist and that a process accepts', name => {
    const environment = environmentOf(name);
    const known = Object.values<Setting>(settings).flatMap(setting =>
      setting.secret ? [setting.name, `${setting.name}_FILE`] : [setting.name],
    );
    expect(Object.keys(environment).filter(variable => !known.includes(variable))).toEqual([]);
    expect(readConfig(environment)).toMatchObject({
      databaseUrl: 'mysql://switchyard:p%40ss@mysql:3306/switchyard',
      redisUrl: 'redis://:w%2Frd@redis:6379',
      apiKeys: name === 'gateway' ? [{ name: 'ops' }] : [],
    });
  });

  test('has no password in an address or a command', () => {
    expect(text).not.toMatch(/PASSWORD\}/);
  });
});
