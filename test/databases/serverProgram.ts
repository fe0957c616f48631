export type ServerKind = 'mysql' | 'mariadb';

/** A database server that can be started on this machine. */
export interface ServerProgram {
  kind: ServerKind;
  version: string;
  /** The command line, up to the server's own options. */
  command: readonly [string, ...string[]];
  /** The arguments that this copy of the server always needs: where its own files are. */
  options: readonly string[];
}

/** Looking for something: what was found, or in a few words why there is none. */
export type Search<Thing> = { found: true; thing: Thing } | { found: false; reason: string };

const oldestVersions = { mysql: [8, 4], mariadb: [10, 11] } as const;

/** Whether a server is new enough for the product. */
export function isSupported(kind: ServerKind, version: string): boolean {
  const [oldestMajor, oldestMinor] = oldestVersions[kind];
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
