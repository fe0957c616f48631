import { join, resolve } from 'node:path';

// Compiled, this file is in dist itself.
const dist = resolve(__dirname, __filename.endsWith('.js') ? '../..' : '../../dist');

/** A compiled file by its path in the sources: `src/main.js`. */
export const builtFile = (path: string): string => join(dist, path);
