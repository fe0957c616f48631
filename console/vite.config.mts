import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const base = '/console/';
const outDir = resolve(import.meta.dirname, '../dist/console');

/** Compresses each file once, so that the gateway never compresses one. */
const compress = (): Plugin => ({
  name: 'compress',
  apply: 'build',
  closeBundle() {
    for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const content = readFileSync(file);
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
      writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
    }
  },
});

/** Names the scripts that the first one imports in the page, so that the browser loads them together with it. */
const preloadScripts = (): Plugin => ({
  name: 'preload-scripts',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { chunk }) {
      const names = [...(chunk?.imports ?? []), ...(chunk?.dynamicImports ?? [])];
      return names.map(name => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: base + name },
        injectTo: 'head',
      }));
    },
  },
});

export default defineConfig({
  root: import.meta.dirname,
  base,
  publicDir: false,
  plugins: [preloadScripts(), compress()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Inlined, they would need `data:` in the content security policy, or an inline script.
    assetsInlineLimit: 0,
    modulePreload: false,
    // One file, which the page names: a script would load its own only when it runs.
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  // `npx vite console` beside a gateway on its default port.
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:4200', ws: true } } },
});
