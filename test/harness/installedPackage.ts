import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Options, transformFile } from '@swc/core';
import { buildConsole, builtConsole } from './builtConsole';

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

const commonJs: Options = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
  swcrc: false,
};

/** Compiles a folder of the sources, as the build does but without a check of types. */
async function compile(folder: string, output: string): Promise<void> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const sources = names.filter(name => /\.[jt]s$/.test(name)).map(name => join(folder, name));
  await Promise.all(
    sources.map(async source => {
      const { code } = await transformFile(join(root, source), commonJs);
      const built = join(output, source.replace(/ts$/, 'js'));
      await mkdir(dirname(built), { recursive: true });
      await writeFile(built, code);
    }),
  );
}

/** Builds what is published from into a folder. */
async function build(folder: string): Promise<void> {
  buildConsole();
  for (const name of ['package.json', 'schema.graphql', 'CHANGELOG.md', 'README.md', 'LICENSE'])
    await cp(join(root, name), join(folder, name));
  await cp(builtConsole, join(folder, 'dist/console'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'dist/package.json'));
  await Promise.all(['cli', 'demo', 'src'].map(name => compile(name, join(folder, 'dist'))));
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
  await build(sources);
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
