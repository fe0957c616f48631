import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock';

/** Where things stay that are slow to get and the same for every run; it may be removed at any time. */
export function cacheFolder(): string {
  const caches = process.env['XDG_CACHE_HOME'];
  return join(caches === undefined || caches === '' ? join(homedir(), '.cache') : caches, 'switchyard');
}

/**
 * Returns a folder of the cache, filled at its first use. Only one process fills it while others wait, and a
 * folder that was not filled to the end never gets its name.
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    await removeWhatKilledRunsLeft(name);
    const unfinished = await mkdtemp(`${folder}${unfinishedMark}`);
    try {
      await fill(unfinished);
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
  });
  return folder;
}

const unfinishedMark = '.unfinished-';

async function removeWhatKilledRunsLeft(name: string): Promise<void> {
  const leftOvers = (await readdir(cacheFolder())).filter(entry => entry.startsWith(name + unfinishedMark));
  await Promise.all(leftOvers.map(entry => rm(join(cacheFolder(), entry), { recursive: true, force: true })));
}
