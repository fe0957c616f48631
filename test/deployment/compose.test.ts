import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config';
import { readRole, roles } from '../../src/config/role';
import { settings } from '../../src/config/settings';

interface Service {
  image?: string;
  command: string[];
  environment: Record<string, string>;
  depends_on?: Record<string, unknown>;
  deploy?: { replicas: number };
}

const text = readFileSync(resolve(__dirname, '../../compose.yaml'), 'utf8');

/** Fills in what compose takes from its own environment: the default, or for what has none the value given here. */
const filledIn = (value: string, given: string): string =>
  value
    .replaceAll(/\$\{\w+:-(\w+)\}/g, (_whole, fallback: string) => fallback)
    .replaceAll(/\$\{\w+:\?[^}]*\}/g, () => given);

const key = `ops:admin:${'ab'.repeat(32)}`;

describe('compose.yaml', () => {
  const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
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
      expect(readRole(command)).toBe(name);
      expect(deploy).toEqual({ replicas: 2 });
      expect(Object.keys(needs ?? {}).sort()).toEqual(['mysql', 'redis']);
    },
  );

  test.each(['gateway', 'worker'])('gives %s settings that exist and that a process accepts', name => {
    const environment = Object.fromEntries(
      Object.entries(service(name).environment).map(([variable, value]) => [variable, filledIn(value, key)]),
    );
    const known: readonly string[] = Object.values(settings).map(setting => setting.name);
    expect(Object.keys(environment).filter(variable => !known.includes(variable))).toEqual([]);
    expect(readConfig(environment)).toMatchObject({
      databaseUrl: 'mysql://switchyard:switchyard@mysql:3306/switchyard',
      redisUrl: 'redis://:switchyard@redis:6379',
    });
  });
});
