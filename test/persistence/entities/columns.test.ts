import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { declaredType } from '../../../src/persistence/connection/dialect';
import type { Column, TableSchema } from '../../../src/persistence/entities/columns';
import { describeOnEveryDatabase } from '../../harness/databases';

describeOnEveryDatabase('the columns of the entities', testDatabase => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ url: testDatabase.url });
    await database.migrate();
  });
  afterAll(() => database?.close());

  /** The columns of a table as the database itself describes them. */
  async function describedColumns(table: string): Promise<string[]> {
    const rows: { name: string; type: string; nullable: number | string; collation: string | null }[] =
      await database.writer.query(
        database.kind === 'embedded'
          ? `SELECT name, type, 1 - "notnull" AS nullable, NULL AS collation FROM pragma_table_xinfo('${table}')`
          : 'SELECT column_name AS name, column_type AS type, collation_name AS collation, ' +
              "is_nullable = 'YES' AS nullable FROM information_schema.columns " +
              `WHERE table_schema = DATABASE() AND table_name = '${table}'`,
      );
    return rows
      .filter(({ name }) => name !== 'stands_alone')
      .map(({ name, type, nullable, collation }) => `${name} ${type} ${collation} ${Number(nullable)}`)
      .sort();
  }

  /** The same of a table that is made from the columns of an entity. */
  async function describedByEntity({ tableName, columns }: TableSchema<object>): Promise<string[]> {
    const { createTable, types } = database.dialect;
    const all: Column<unknown>[] = Object.values(columns);
    const keys = all.filter(({ primary }) => primary).map(({ name }) => name);
    const definitions = all.map(
      ({ name, type, nullable }) => `${name} ${declaredType(type, types)}${nullable ? '' : ' NOT NULL'}`,
    );
    const copy = `${tableName}_by_entity`;
    for (const statement of createTable(copy, [...definitions, `PRIMARY KEY (${keys.join(', ')})`], []))
      await database.writer.query(statement);
    return describedColumns(copy);
  }

  test('equal those of the migrations, with the same types', async () => {
    const schemas = database.writer.options.entities as unknown as TableSchema<object>[];
    expect(schemas).toHaveLength(18);
    for (const schema of schemas)
      expect({ [schema.tableName]: await describedByEntity(schema) }).toEqual({
        [schema.tableName]: await describedColumns(schema.tableName),
      });
  });
});
