import type { DataSource } from 'typeorm';
import { parseDatabaseAddress } from '../../../src/config/databaseAddress';
import { createDataSource } from '../../../src/persistence/connection/dataSource';
import { type Dialect, declaredType, dialectOf, kindOf } from '../../../src/persistence/connection/dialect';
import type { Column } from '../../../src/persistence/entities/columns';

/** Opens a database and makes a table of these columns in it, the one named `id` its key. */
export async function openTable(
  url: string,
  tableName: string,
  columns: Readonly<Record<string, Pick<Column<unknown>, 'name' | 'type'>>>,
): Promise<{ dataSource: DataSource; dialect: Dialect }> {
  const dataSource = await createDataSource(parseDatabaseAddress(url)).initialize();
  const dialect = dialectOf(kindOf(dataSource));
  const declared = Object.values(columns).map(
    ({ name, type }) => `${name} ${declaredType(type, dialect.types)}`,
  );
  await dataSource.query(`CREATE TABLE ${tableName} (${declared.join(', ')}, PRIMARY KEY (id))`);
  return { dataSource, dialect };
}
