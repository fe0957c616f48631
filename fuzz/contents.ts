import { openEmbeddedStore, openServerStore, type Store } from '../bench/support/store';

/** A bulk operation, as far as its status goes. */
export interface Operation {
  readonly id: string;
  readonly status: string;
}

/** Says whether anything in a database has changed. */
export interface Contents {
  /** A text that differs whenever anything was written in between. */
  digest(): Promise<string>;
  /** The status of each bulk operation. */
  operations(): Promise<readonly Operation[]>;
  close(): Promise<void>;
}

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
    operations: async () =>
      (await store.all('SELECT id, status FROM bulk_operation ORDER BY id')).map(({ id, status }) => ({
        id: String(id),
        status: String(status),
      })),
    close: () => store.close(),
  };
}
