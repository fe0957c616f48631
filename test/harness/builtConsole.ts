import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** The folder of the built console. */
export const builtConsole = join(root, 'dist/console');

function newestChange(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(...entries.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs));
}

function isUpToDate(): boolean {
  const built = statSync(join(builtConsole, 'index.html.br'), { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs > newestChange(join(root, 'console'));
}

/** Builds the console unless that was done since its sources changed last; takes about a second. */
export function buildConsole(): void {
  if (isUpToDate()) return;
  execFileSync('npm', ['run', '--silent', 'console:build'], { cwd: root, stdio: 'inherit' });
}
