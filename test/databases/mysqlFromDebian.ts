import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder, cacheFolder } from './cache';
import { findOnPath, lastLines, messageOf, run, runOrThrow } from './commands';
import type { Search, ServerProgram } from './serverProgram';

/**
 * A MySQL server for machines on which Debian's tools work but no MySQL is installed: stable Debian has none,
 * so the one in Debian's unstable suite is fetched, together with every library it needs, and unpacked into a
 * cache folder. Nothing is installed on the machine, and no rights are needed.
 */
export async function installMysql(): Promise<Search<ServerProgram>> {
  const name = `mysql-debian-${process.arch}`;
  if (existsSync(join(cacheFolder(), name)))
    return { found: true, thing: await describe(join(cacheFolder(), name)) };

  const mirror = await findMirror();
  if (mirror === null)
    return { found: false, reason: 'it cannot be fetched here (that takes Debian and apt-get)' };
  try {
    return {
      found: true,
      thing: await describe(await cachedFolder(name, folder => install(folder, mirror))),
    };
  } catch (error) {
    return { found: false, reason: `fetching it from ${mirror} failed: ${messageOf(error)}` };
  }
}

async function install(folder: string, mirror: string): Promise<void> {
  process.stderr.write(`Fetching MySQL from ${mirror} into ${cacheFolder()}; later runs find it there.\n`);
  await download(folder, mirror);
  await unpack(folder);

  const [command, ...beginning] = await locate(folder);
  const answer = await runOrThrow(command, [...beginning, '--no-defaults', '--version']);
  const version = /Ver (\d+\.\d+\.\d+)/.exec(answer)?.[1];
  if (version === undefined) throw new Error(`the unpacked server does not tell its version: ${answer}`);
  await writeFile(join(folder, versionFile), version);
}

const versionFile = 'version';

async function describe(folder: string): Promise<ServerProgram> {
  const files = join(folder, 'root', 'usr');
  return {
    kind: 'mysql',
    version: await readFile(join(folder, versionFile), 'utf8'),
    command: await locate(folder),
    options: [
      `--lc-messages-dir=${join(files, 'share', 'mysql')}`,
      `--character-sets-dir=${join(files, 'share', 'mysql', 'charsets')}`,
      `--plugin-dir=${join(files, 'lib', 'mysql', 'plugin')}`,
    ],
  };
}

/** The command line of the unpacked server. It is newer than this machine's C library, so it brings its own. */
async function locate(folder: string): Promise<[string, ...string[]]> {
  const libraries = join(folder, 'root', 'usr', 'lib');
  const platform = (await readdir(libraries)).find(name => name.endsWith('-linux-gnu'));
  if (platform === undefined) throw new Error(`${libraries} holds no libraries`);
  const loader = (await readdir(join(libraries, platform))).find(name => /^ld-linux.*\.so\.\d+$/.test(name));
  if (loader === undefined) throw new Error(`${libraries} holds no loader`);
  return [
    join(libraries, platform, loader),
    '--library-path',
    join(libraries, platform),
    join(folder, 'root', 'usr', 'sbin', 'mysqld'),
  ];
}

/** The Debian mirror that this machine itself installs from. */
async function findMirror(): Promise<string | null> {
  const tools = ['apt-get', 'dpkg', 'dpkg-deb'].map(findOnPath);
  if (tools.includes(null)) return null;
  const { output } = await run('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI)',
    'Created-By: Packages',
  ]);
  return output.split('\n').find(address => /\/debian\/?$/.test(address)) ?? null;
}

/**
 * Packages that the server asks for but does not use: claimed to be there already, so that apt leaves them out.
 */
const unneeded = ['perl', 'perl-base', 'openssl-provider-legacy', 'libsasl2-modules-db'];

async function download(folder: string, mirror: string): Promise<void> {
  const architecture = (await runOrThrow('dpkg', ['--print-architecture'])).trim();
  const keys = ['debian-archive-keyring.pgp', 'debian-archive-keyring.gpg']
    .map(name => join('/usr/share/keyrings', name))
    .find(existsSync);
  await mkdir(join(folder, 'apt', 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'apt', 'archives', 'partial'), { recursive: true });
  await writeFile(
    join(folder, 'apt', 'sources.list'),
    `deb ${keys === undefined ? '' : `[signed-by=${keys}] `}${mirror} sid main\n`,
  );
  await writeFile(
    join(folder, 'apt', 'status'),
    unneeded.map(name => installedPackage(name, architecture)).join('\n'),
  );

  await apt(folder, ['update']);
  await apt(folder, ['install', '--yes', '--download-only', 'mysql-server-core']);
}

const installedPackage = (name: string, architecture: string): string =>
  [
    `Package: ${name}`,
    'Status: install ok installed',
    `Architecture: ${architecture}`,
    'Multi-Arch: allowed',
    'Maintainer: Nobody <nobody@localhost>',
    'Version: 9999',
    'Description: not needed',
    '',
  ].join('\n');

async function apt(folder: string, command: readonly string[]): Promise<void> {
  const own = join(folder, 'apt');
  const settings = {
    'Dir::State': own,
    'Dir::State::Lists': join(own, 'lists'),
    'Dir::State::status': join(own, 'status'),
    'Dir::Cache': own,
    'Dir::Cache::Archives': join(own, 'archives'),
    'Dir::Etc::SourceList': join(own, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '30',
    'APT::Update::Error-Mode': 'any',
    'APT::Install-Recommends': 'false',
    // Folders below a home are closed to the user that apt downloads as, and it warns of that.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const { code, output } = await run('apt-get', ['--quiet', ...options, ...command]);
  if (code !== 0) throw new Error(`apt-get ${command.join(' ')}:\n${lastLines(output)}`);
}

async function unpack(folder: string): Promise<void> {
  const archives = join(folder, 'apt', 'archives');
  const root = join(folder, 'root');
  for (const name of await readdir(archives)) {
    if (name.endsWith('.deb')) await runOrThrow('dpkg-deb', ['--extract', join(archives, name), root]);
  }
  await rm(join(folder, 'apt'), { recursive: true, force: true });
  for (const unused of ['bin', 'share/doc'])
    await rm(join(root, 'usr', unused), { recursive: true, force: true });
}
