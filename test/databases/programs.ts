import { findOnPath, run } from './commands';
import { installMysql } from './mysqlFromDebian';
import { isSupported, type Search, type ServerKind, type ServerProgram } from './serverProgram';

/** Finds the server program that private test servers run; fetches MySQL where there is none and it can. */
export function findProgram(kind: ServerKind): Promise<Search<ServerProgram>> {
  return kind === 'mysql' ? findMysql() : findOnThisMachine('mariadb', ['mariadbd', 'mysqld']);
}

async function findMysql(): Promise<Search<ServerProgram>> {
  const onThisMachine = await findOnThisMachine('mysql', ['mysqld']);
  if (onThisMachine.found) return onThisMachine;
  const installed = await installMysql();
  if (installed.found) return installed;
  return { found: false, reason: `${onThisMachine.reason}, and ${installed.reason}` };
}

async function findOnThisMachine(
  kind: ServerKind,
  names: readonly [string, ...string[]],
): Promise<Search<ServerProgram>> {
  let reason = `${names[0]} is not on PATH`;
  for (const name of names) {
    const path = findOnPath(name);
    const identity = path === null ? null : await identify(path);
    if (path === null || identity?.kind !== kind) continue;
    if (isSupported(kind, identity.version)) {
      return { found: true, thing: { kind, version: identity.version, command: [path], options: [] } };
    }
    reason = `${path} is version ${identity.version}, which is too old`;
  }
  return { found: false, reason };
}

/** The kind of a server program by its own report. Packages of MariaDB also contain a `mysqld`, so the name proves nothing. */
async function identify(path: string): Promise<{ kind: ServerKind; version: string } | null> {
  const { output } = await run(path, ['--no-defaults', '--version']);
  const version = /Ver (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined) return null;
  return { kind: output.includes('MariaDB') ? 'mariadb' : 'mysql', version };
}
