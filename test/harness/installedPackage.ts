import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { builtFile } from './builtFile';

const root = resolve(__dirname, '../..');
const run = promisify(execFile);

/** The package in a folder that has nothing else, as an installation leaves it. */
export interface InstalledPackage {
  /** The folder in which it is installed. */
  readonly folder: string;
  /** Size of the published archive, in bytes. */
  readonly archiveBytes: number;
  /** The words by which Node runs its command. */
  readonly command: readonly string[];
  close(): Promise<void>;
}

/** Copies what is published from into a folder. */
async function copySources(folder: string): Promise<void> {
  for (const name of ['package.json', 'schema.graphql', 'CHANGELOG.md', 'README.md', 'LICENSE'])
    await cp(join(root, name), join(folder, name));
  for (const name of ['package.json', 'cli', 'console', 'demo', 'src'])
    await cp(builtFile(name), join(folder, 'dist', name), { recursive: true });
}

/** The folders that \`npm install --omit=dev\` makes, without those inside of others: \`node_modules/NAME\`. */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && dev !== true)
    .map(([path]) => path)
    .filter(path => existsSync(join(root, path)));
}

/** Packs the package with npm, and unpacks it beside the production dependencies of the lock, and nothing else. */
export async function installPackage(): Promise<InstalledPackage> {
  const base = await mkdtemp(join(tmpdir(), 'installed-'));
  const [sources, folder] = [join(base, 'sources'), join(base, 'project')];
  const installed = join(folder, 'node_modules/switchyard');
  await mkdir(sources);
  await copySources(sources);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--offline'], { cwd: sources });
  const [archive] = JSON.parse(stdout) as { filename: string; size: number }[];
  if (archive === undefined) throw new Error(`npm packed nothing: ${stdout}`);
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(sources, archive.filename), '-C', installed, '--strip-components=1']);
  const copy = (how: string) =>
    run('cp', [how, '--parents', '-t', folder, ...productionPackages()], { cwd: root });
  // Links take no time, and are possible on one file system only.
  await copy('-al').catch(() => copy('-a'));
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    bin: { switchyard: string };
  };
  return {
    folder,
    archiveBytes: archive.size,
    command: [join(installed, bin.switchyard)],
    close: () => rm(base, { recursive: true }),
  };
}
