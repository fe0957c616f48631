import type { DataSource } from 'typeorm';
import { parseDatabaseAddress } from '../../../src/config/databaseAddress';
import { createDataSource } from '../../../src/persistence/connection/dataSource';
import { migrations } from '../../../src/persistence/migrations';
import { SearchFlowsAndMessages1764650000000 } from '../../../src/persistence/migrations/1764650000000-SearchFlowsAndMessages';
import { databaseKinds, describeOnEmptyDatabases } from '../../harness/databases';
import { idOf } from '../sampleRuns';

const indexOfThis = migrations.indexOf(SearchFlowsAndMessages1764650000000);
const instant = '2026-01-01 00:00:00.000000';
/** More than are read at once. */
const manyFlows = 501;

describeOnEmptyDatabases(
  databaseKinds,
  'the migration that copies names and messages in lower case',
  database => {
    let older: DataSource;
    let upToThis: DataSource;

    const openUpTo = (index: number) =>
      createDataSource(parseDatabaseAddress(database.url))
        .setOptions({ migrations: migrations.slice(0, index) })
        .initialize();

    beforeAll(async () => {
      older = await openUpTo(indexOfThis);
      await older.runMigrations();
      upToThis = await openUpTo(indexOfThis + 1);
    });
    afterAll(async () => {
      await upToThis?.destroy();
      await older?.destroy();
    });

    const copies = async () => {
      const read = async (table: string, column: string) => {
        const rows = (await older.query(
          `SELECT ${column} AS value, ${column}_lowered AS copy FROM ${table} ORDER BY id`,
        )) as { value: string; copy: string | null }[];
        return rows.map(({ value, copy }) => [value, copy]);
      };
      return {
        flows: (await read('flow', 'name')).slice(-3),
        deployments: await read('deployment', 'name'),
        messages: await read('flow_run_state', 'message'),
      };
    };

    test('copies what is not ASCII, once more after its reversal, and preserves the rest', async () => {
      for (let number = 1; number <= manyFlows; number++)
        await older.query('INSERT INTO flow (id, name, created, updated) VALUES (?, ?, ?, ?)', [
          idOf(number),
          number === 500 ? 'ETL' : `Äther ${number}`,
          instant,
          instant,
        ]);
      await older.query(
        'INSERT INTO deployment (id, flow_id, name, collision_strategy, active_slots, created, updated) VALUES (?, ?, ?, ?, 0, ?, ?)',
        [idOf(1), idOf(1), 'BÜRO', 'ENQUEUE', instant, instant],
      );
      for (const [place, message] of ['Lost', null, 'İSTANBUL', ''].entries())
        await older.query(
          'INSERT INTO flow_run_state (id, type, name, timestamp, message, state_details, flow_run_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [idOf(place), 'FAILED', 'Failed', instant, message, '{}', idOf(place)],
        );

      await upToThis.runMigrations();
      const expected = {
        flows: [
          ['Äther 499', 'äther 499'],
          ['ETL', null],
          ['Äther 501', 'äther 501'],
        ],
        deployments: [['BÜRO', 'büro']],
        messages: [
          ['Lost', null],
          [null, null],
          ['İSTANBUL', 'i̇stanbul'],
          ['', null],
        ],
      };
      expect(await copies()).toEqual(expected);

      await upToThis.undoLastMigration();
      await expect(copies()).rejects.toThrow('name_lowered');
      await upToThis.runMigrations();
      expect(await copies()).toEqual(expected);
    });
  },
);
