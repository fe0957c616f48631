import { randomUUID } from 'node:crypto';
import type { Logger } from 'typeorm';
import type { Database } from '../../src/persistence/connection/database';
import { requestScope } from '../../src/platform/logging';

/**
 * Writes down every statement that a gateway sends to its database for one request, which the work sends with the given
 * headers. What the gateway does of its own accord meanwhile is not among them.
 */
export async function statementsOf(
  { writer, reader }: Database,
  work: (headers: Record<string, string>) => Promise<unknown>,
): Promise<string[]> {
  const requestId = randomUUID();
  const statements: string[] = [];
  const nothing = () => undefined;
  const recorder: Logger = {
    logQuery(statement) {
      if (requestScope.getStore()?.requestId === requestId) statements.push(statement);
    },
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  };
  const before = [writer, reader].map(dataSource => ({ dataSource, logger: dataSource.logger }));
  for (const { dataSource } of before) dataSource.logger = recorder;
  try {
    await work({ 'x-request-id': requestId });
  } finally {
    for (const { dataSource, logger } of before) dataSource.logger = logger;
  }
  return statements;
}
