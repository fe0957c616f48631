import { openEmbeddedStore, openServerStore, type Store } from '../bench/support/store';

/** Says whether anything in a database has changed. */
export interface Contents {
  /** A text that differs whenever anything was written in between. */
  digest(): Promise<string>;
  /** How many bulk operations may be moved by workers at any moment. */
  activeOperations(): Promise<number>;
  close(): Promise<void>;
}

const countActive = `SELECT COUNT(*) AS count FROM bulk_operation
  WHERE status IN ('QUEUED', 'PLANNING', 'SELECTING', 'RUNNING')`;

async function digestOnServer(store: Store, tables: string): Promise<string> {
  const rows = await store.all(`CHECKSUM TABLE ${tables}`);
  return rows.map(row => `${row.Table} ${row.Checksum}`).join(' ');
}

/** Looks into the database beside the gateway that writes to it. */
export async function openContents(databaseUrl: string): Promise<Contents> {
  const isFile = databaseUrl.startsWith('file:');
  const store = isFile
    ? openEmbeddedStore(databaseUrl.slice('file:'.length))
    : await openServerStore(databaseUrl);
  const tables = isFile
    ? ''
    : (await store.all('SHOW TABLES'))
        .flatMap(row => Object.values(row))
        .map(String)
        .join(', ');
  return {
    // An embedded database counts the commits of others itself.
    digest: async () =>
      isFile ? JSON.stringify(await store.all('PRAGMA data_version')) : await digestOnServer(store, tables),
    async activeOperations() {
      const [row] = await store.all(countActive);
      return Number(row?.count);
    },
    close: () => store.close(),
  };
}
