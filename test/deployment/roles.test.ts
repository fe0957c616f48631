import { CommandLineError, readRole } from '../../src/config/role';
import { describeOnDatabases } from '../harness/databases';
import { startGatewayProcess } from '../harness/gatewayProcess';

describe('the command line', () => {
  test.each([
    [[], 'all'],
    [['--role', 'gateway'], 'gateway'],
    [['--role=worker'], 'worker'],
    [['--role', 'all'], 'all'],
  ])('%j has the role %s', (words, role) => {
    expect(readRole(words)).toBe(role);
  });

  test.each([
    [['--role', 'queen'], 'There is no role "queen".'],
    [['--role'], "Option '--role <value>' argument missing."],
    [['--rule', 'worker'], "Unknown option '--rule'."],
    [['worker'], "Unexpected argument 'worker'."],
  ])('rejects %j and names the roles', (words, reason) => {
    expect(() => readRole(words)).toThrow(CommandLineError);
    expect(() => readRole(words)).toThrow(reason);
    expect(() => readRole(words)).toThrow(/--role gateway\|worker\|all/);
  });
});

describeOnDatabases(['embedded'], 'a process on an embedded database', database => {
  test.each(['gateway', 'worker'])(
    'rejects the role %s alone, and says why',
    async role => {
      const process = startGatewayProcess(database.url, {}, ['--role', role]);
      expect(await process.ended()).toBe(2);
      expect(process.output()).toContain(`--role ${role} needs a MySQL or MariaDB server`);
    },
    30_000,
  );

  test('does not start with an unknown role', async () => {
    const process = startGatewayProcess(database.url, {}, ['--role', 'queen']);
    expect(await process.ended()).toBe(2);
    expect(process.output()).toMatch(/^There is no role "queen"\./);
  }, 30_000);
});
