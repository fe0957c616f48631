import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';

/** How a file can be sent, the smallest form first. */
export const contentEncodings = ['br', 'gzip', 'identity'] as const;
type ContentEncoding = (typeof contentEncodings)[number];

/** A file of the built console. */
export interface ConsoleFile {
  readonly contentType: string;
  readonly etag: string;
  /** The content in each form in which the build made it. */
  readonly content: ReadonlyMap<ContentEncoding, Uint8Array<ArrayBuffer>>;
}

/** The files by their paths below `/console/`, for example `index.html`. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

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

async function readConsoleFile(path: string, contentType: string): Promise<ConsoleFile> {
  const content = new Map<ContentEncoding, Uint8Array<ArrayBuffer>>();
  for (const encoding of contentEncodings)
    content.set(encoding, new Uint8Array(await readFile(path + suffixes[encoding])));
  const hash = createHash('sha256').update(content.get('identity') ?? '');
  return { contentType, content, etag: `"${hash.digest('base64url').slice(0, 22)}"` };
}

/**
 * Reads the console that `npm run build` made, some 100 KB.
 *
 * @returns null if it is not built.
 */
export async function readConsoleFiles(folder = defaultFolder): Promise<ConsoleFiles | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, ConsoleFile>();
  for (const entry of entries) {
    const contentType = contentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    files.set(name, await readConsoleFile(path, contentType));
  }
  return files.has('index.html') ? files : null;
}
