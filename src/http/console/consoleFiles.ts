import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { type ContentEncoding, contentEncodings, type StoredFile, storedFile } from '../storedFile';

/** The files by their paths below `/console/`, for example `index.html`. */
export type ConsoleFiles = ReadonlyMap<string, StoredFile>;

// Built, the product is in dist/src, beside dist/console; else in src, beside dist.
const defaultFolder = resolve(
  __dirname,
  __filename.endsWith('.js') ? '../../../console' : '../../../dist/console',
);

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const suffixes: Readonly<Record<ContentEncoding, string>> = { br: '.br', gzip: '.gz', identity: '' };

async function readConsoleFile(path: string, contentType: string): Promise<StoredFile> {
  const content = new Map<ContentEncoding, Uint8Array<ArrayBuffer>>();
  for (const encoding of contentEncodings)
    content.set(encoding, new Uint8Array(await readFile(path + suffixes[encoding])));
  return storedFile(contentType, content);
}

/**
 * Reads the console that `npm run build` made, some 100 KB.
 *
 * @returns null if it is not built.
 */
export async function readConsoleFiles(folder = defaultFolder): Promise<ConsoleFiles | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, StoredFile>();
  for (const entry of entries) {
    const contentType = contentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    files.set(name, await readConsoleFile(path, contentType));
  }
  return files.has('index.html') ? files : null;
}
