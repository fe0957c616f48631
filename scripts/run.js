/** Runs a TypeScript file without a build: `node scripts/run.js FILE [ARGUMENT...]`. */
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { transformSync } = require('@swc/core');
const options = require('./swc.js');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
  module._compile(code, filename);
};
// Node tries the extensions in the order of this table: `./name` means name.ts, as it does to TypeScript, also beside a name.json.
const readJson = require.extensions['.json'];
delete require.extensions['.json'];
require.extensions['.json'] = readJson;

process.setSourceMapsEnabled(true);
process.argv.splice(1, 2, resolve(process.argv[2]));
require(process.argv[1]);
