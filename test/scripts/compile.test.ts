import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(__dirname, '../..');
const run = promisify(execFile);

describe('the build', () => {
  let project: string;
  const inProject = (path: string) => join(project, path);
  const compile = () => run(process.execPath, [join(root, 'scripts/compile.mjs')], { cwd: project });
  const lastChange = async (path: string) => (await stat(inProject(path))).mtimeMs;
  /** Makes a file as old as files that were there before the last build. */
  const age = (path: string) => utimes(inProject(path), new Date(0), new Date(0));

  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), 'compiled-'));
    for (const name of ['.swcrc', 'package.json']) await cp(join(root, name), inProject(name));
    await mkdir(inProject('src/rules'), { recursive: true });
    await writeFile(inProject('src/rules/one.ts'), 'export const one: number = 1;\n');
    await writeFile(inProject('src/two.test.ts'), 'export {};\n');
    for (const name of ['.swcrc', 'src/rules/one.ts']) await age(name);
    await compile();
  });
  afterEach(() => rm(project, { recursive: true }));

  test('compiles each source beside its source map, and no test', async () => {
    expect(await readFile(inProject('dist/src/rules/one.js'), 'utf8')).toMatch(/const one = 1;/);
    expect(existsSync(inProject('dist/src/rules/one.js.map'))).toBe(true);
    expect(existsSync(inProject('dist/package.json'))).toBe(true);
    expect(existsSync(inProject('dist/src/two.test.js'))).toBe(false);
  });

  test('leaves what has not changed, and compiles again what has', async () => {
    const before = await lastChange('dist/src/rules/one.js');
    await compile();
    expect(await lastChange('dist/src/rules/one.js')).toBe(before);

    await writeFile(inProject('src/rules/one.ts'), 'export const one: number = 11;\n');
    await compile();
    expect(await readFile(inProject('dist/src/rules/one.js'), 'utf8')).toMatch(/const one = 11;/);
  });

  test('compiles all files again where the options have changed', async () => {
    const options = JSON.parse(await readFile(inProject('.swcrc'), 'utf8')) as { module: object };
    await writeFile(inProject('.swcrc'), JSON.stringify({ ...options, module: { type: 'es6' } }));
    await compile();
    expect(await readFile(inProject('dist/src/rules/one.js'), 'utf8')).toMatch(/export const one/);
  });

  test('removes what was compiled from a source that is gone', async () => {
    await rm(inProject('src/rules/one.ts'));
    await compile();
    expect(existsSync(inProject('dist/src/rules/one.js'))).toBe(false);
    expect(existsSync(inProject('dist/src/rules/one.js.map'))).toBe(false);
  });

  test('fails, and names the file, where one has an error of syntax', async () => {
    await writeFile(inProject('src/broken.ts'), 'export const = ;\n');
    await expect(compile()).rejects.toThrow(/broken\.ts/);
  });
});
