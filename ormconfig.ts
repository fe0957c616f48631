import { AdvancedConsoleLogger } from 'typeorm';
import { parseDatabaseAddress } from './src/config/databaseAddress';
import { createDataSource } from './src/persistence/connection/dataSource';

const url = process.env.DATABASE_URL ?? 'file:./data/switchyard.db';

/** The TypeORM data source that TypeORM's own command line works on. */
export default createDataSource(parseDatabaseAddress(url), {
  logger: new AdvancedConsoleLogger(['error', 'schema']),
});
