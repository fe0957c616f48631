// Compiles the product and the programs around it into dist/, with the options of .swcrc as in the tests. Only files that changed
// since the last time are compiled, so that each run of the tests can begin with it. `npm run check:types` checks the types.
import { existsSync, statSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

const folders = ['bench', 'chaos', 'cli', 'demo', 'fuzz', 'scripts', 'soak', 'src', 'test'];

/** @param {string} file */
const isSource = file => /\.[jt]s$/.test(file) && !file.endsWith('.test.ts');

/** @param {string} source */
const outputOf = source => join('dist', source.replace(/ts$/, 'js'));

/** The milliseconds since 1970 at which a file changed; 0 where there is none. @param {string} file */
const changeOf = file => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const changeOfOptions = Math.max(changeOf('.swcrc'), changeOf('package-lock.json'));

/** The files below a folder, each with the folder's name before it. @param {string} folder */
async function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** @param {string} source */
async function compile(source) {
  const output = outputOf(source);
  if (changeOf(output) > Math.max(changeOf(source), changeOfOptions)) return;
  const { code, map = '' } = await transformFile(source);
  await mkdir(dirname(output), { recursive: true });
  await writeFile(`${output}.map`, map);
  await writeFile(output, `${code}//# sourceMappingURL=${basename(output)}.map\n`);
}

const sources = (await Promise.all(folders.map(filesBelow))).flat().filter(isSource);
await Promise.all(sources.map(compile));
await copyFile('package.json', 'dist/package.json');

const expected = new Set(sources.map(outputOf));
const present = (await Promise.all(folders.map(folder => filesBelow(join('dist', folder))))).flat();
await Promise.all(present.filter(file => !expected.has(file.replace(/\.map$/, ''))).map(file => rm(file)));
