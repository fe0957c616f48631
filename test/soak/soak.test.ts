import { seed } from '../../bench/support/seed';
import { openEmbeddedStore, openServerStore } from '../../bench/support/store';
import { takeSets } from '../../soak/sets';
import { runSoak } from '../../soak/soak';
import { openDatabase } from '../../src/persistence/connection/database';
import { describeOnDatabases } from '../harness/databases';

const runs = 2000;
const clients = 20;

async function fill(url: string): Promise<void> {
  const database = await openDatabase({ url });
  await database.migrate();
  await database.close();
  const store = url.startsWith('file:')
    ? openEmbeddedStore(url.slice('file:'.length))
    : await openServerStore(url);
  await seed(store, runs);
  await store.close();
}

describeOnDatabases(['embedded', 'mysql'], `${clients} clients of a gateway at once`, database => {
  test('read, move, operate and subscribe without an error, and each subscriber receives an event', async () => {
    await fill(database.url);
    const { done, errors, exitCode } = await runSoak({
      databaseUrl: database.url,
      sets: await takeSets(database.url, clients, 20),
      maxPauseSeconds: 1,
      warmUpSeconds: 1,
      seconds: 4,
      settleSeconds: 0,
      idleSubscribers: 40,
      idlePages: 5,
      say: () => undefined,
    });

    expect([...errors]).toEqual([]);
    expect([...done.keys()].sort()).toEqual(
      ['50-run call', 'count', 'nested page', 'operation', 'page', 'subscription'].sort(),
    );
    expect(exitCode).toBe(0);
  }, 120_000);
});
