import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder, cacheFolder } from './cache';

const usualCaches = process.env['XDG_CACHE_HOME'];
const absentPid = 2 ** 30;

beforeEach(async () => {
  process.env['XDG_CACHE_HOME'] = await mkdtemp(join(tmpdir(), 'switchyard-cache-'));
});

afterEach(async () => {
  await rm(join(cacheFolder(), '..'), { recursive: true, force: true });
  if (usualCaches === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = usualCaches;
});

const fillWith = (text: string) => (folder: string) => writeFile(join(folder, 'file'), text);
const read = (folder: string) => readFile(join(folder, 'file'), 'utf8');

test('a folder is filled once by many processes at the same time', async () => {
  const fill = jest.fn(fillWith('content'));

  const folders = await Promise.all([1, 2, 3].map(() => cachedFolder('thing', fill)));

  expect(fill).toHaveBeenCalledTimes(1);
  expect(await Promise.all(folders.map(read))).toEqual(['content', 'content', 'content']);
});

test('a folder that was filled in part is filled again', async () => {
  await expect(
    cachedFolder('thing', async folder => {
      await fillWith('half')(folder);
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');

  expect(await read(await cachedFolder('thing', fillWith('whole')))).toBe('whole');
  expect(await readdir(cacheFolder())).toEqual(['thing']);
});

test('the lock of a process that is gone is taken over', async () => {
  await cachedFolder('other', fillWith('other'));
  const lock = join(cacheFolder(), 'thing.lock');
  await writeFile(lock, String(absentPid));

  expect(await read(await cachedFolder('thing', fillWith('content')))).toBe('content');
  expect(existsSync(lock)).toBe(false);
});
