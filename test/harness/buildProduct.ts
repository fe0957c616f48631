import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtFile } from './builtFile';

const root = resolve(__dirname, '../..');

const runScript = (name: string): Buffer =>
  execFileSync('npm', ['run', '--silent', name], { cwd: root, stdio: 'inherit' });

function newestChange(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(...entries.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs));
}

function isConsoleUpToDate(): boolean {
  const built = statSync(builtFile('console/index.html.br'), { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs > newestChange(join(root, 'console'));
}

/** Builds what changed since it was built last: a second each for the program and the console. */
export function buildProduct(): void {
  runScript('compile');
  if (!isConsoleUpToDate()) runScript('console:build');
}
