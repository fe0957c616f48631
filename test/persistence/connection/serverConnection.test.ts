import { type DatabaseServerAddress, parseDatabaseAddress } from '../../../src/config/databaseAddress';
import { errorKindOf } from '../../../src/persistence/connection/errorKind';
import { openServerConnection } from '../../../src/persistence/connection/serverConnection';
import { describeOnDatabases } from '../../harness/databases';
import { type Fault, forwardTo } from '../../harness/forwarder';

const faults: readonly Fault[] = ['cut', 'loseResponse', 'truncate', 'silence'];

describeOnDatabases(['mysql', 'mariadb'], 'the opening of a connection', database => {
  const open = (url: string) =>
    openServerConnection({
      address: parseDatabaseAddress(url) as DatabaseServerAddress,
      sessionSettings: 'SET SESSION wait_timeout = 28800',
    });

  test.each([0, 1])('fails as a lost connection if statement %i meets a fault', async statement => {
    const kinds = faults.map(async fault => {
      const forwarder = await forwardTo(database.url);
      forwarder.failStatement(statement, fault);
      try {
        (await open(forwarder.url)).destroy();
        return [fault, 'opened'];
      } catch (error) {
        return [fault, errorKindOf(error)];
      } finally {
        await forwarder.cut();
      }
    });

    expect(await Promise.all(kinds)).toEqual(faults.map(fault => [fault, 'connectionLost']));
  });

  test('sends two statements, which the faults above meet', async () => {
    const forwarder = await forwardTo(database.url);
    const connection = await open(forwarder.url);
    expect(forwarder.statements()).toBe(2);
    connection.destroy();
    await forwarder.cut();
  });
});
