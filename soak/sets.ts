import { openEmbeddedStore, openServerStore } from '../bench/support/store';

/**
 * Returns disjoint sets of running runs, one for each client.
 *
 * @throws Error where fewer runs are running.
 */
export async function takeSets(databaseUrl: string, clients: number, size: number): Promise<string[][]> {
  const store = databaseUrl.startsWith('file:')
    ? openEmbeddedStore(databaseUrl.slice('file:'.length))
    : await openServerStore(databaseUrl);
  try {
    const rows = await store.all(
      `SELECT id FROM flow_run WHERE state_type = 'RUNNING' AND deployment_id IS NOT NULL ORDER BY id LIMIT ${clients * size}`,
    );
    if (rows.length < clients * size)
      throw new Error(`only ${rows.length} runs are running, and ${clients} clients need ${size} each`);
    return Array.from({ length: clients }, (_, number) =>
      rows.slice(number * size, (number + 1) * size).map(({ id }) => String(id)),
    );
  } finally {
    await store.close();
  }
}
