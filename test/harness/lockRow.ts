import type { EntitySchema, FindOptionsWhere, QueryRunner } from 'typeorm';

/** Locks a row of a table on a server, in the transaction that the runner is in, or in one that begins here. */
export async function lockRow<Row extends { id: string }>(
  runner: QueryRunner,
  entity: EntitySchema<Row>,
  id: string | undefined,
): Promise<void> {
  if (!runner.isTransactionActive) await runner.startTransaction();
  const where = { id } as FindOptionsWhere<Row>;
  await runner.manager.getRepository(entity).findOneOrFail({ where, lock: { mode: 'pessimistic_write' } });
}
