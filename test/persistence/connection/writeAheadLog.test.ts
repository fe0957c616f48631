import { stat } from 'node:fs/promises';
import type { FlowId } from '../../../src/domain/identifiers';
import { openDatabase } from '../../../src/persistence/connection/database';
import { maxLogBytes } from '../../../src/persistence/connection/dataSource';
import { FlowEntity } from '../../../src/persistence/entities/deployment';
import { describeOnDatabases } from '../../harness/databases';
import { at } from '../sampleRuns';

interface File {
  exec(sql: string): void;
  prepare(sql: string): { all(): unknown[] };
  close(): void;
}

describeOnDatabases(['embedded'], 'the write-ahead log of the embedded database', testDatabase => {
  test('is truncated after the reader that let it grow has ended', async () => {
    const path = testDatabase.url.slice('file:'.length);
    const database = await openDatabase({ url: testDatabase.url });
    try {
      await database.migrate();
      const write = async (kilobytes: number): Promise<void> => {
        for (let written = 0; written < kilobytes; written += 250)
          await database.transaction(connection =>
            connection.getRepository(FlowEntity).upsert(
              {
                id: String(written % 5000) as FlowId,
                name: `${written} ${'x'.repeat(250_000)}`,
                created: at(0),
                updated: at(0),
              },
              ['id'],
            ),
          );
      };
      const logBytes = async (): Promise<number> => (await stat(`${path}-wal`)).size;

      const LibSql = require('libsql') as new (file: string) => File;
      const reader = new LibSql(path);
      reader.exec('BEGIN');
      reader.prepare(`SELECT COUNT(*) FROM ${FlowEntity.tableName}`).all();
      await write(maxLogBytes / 1000 + 10_000);
      expect(await logBytes()).toBeGreaterThan(maxLogBytes);
      reader.exec('COMMIT');
      reader.close();
      await write(10_000);
      expect(await logBytes()).toBeLessThanOrEqual(maxLogBytes);
    } finally {
      await database.close();
    }
  }, 60_000);
});
