/** Runs a TypeScript file without a build: `node scripts/run.js FILE [ARGUMENT...]`. */
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { compile } = require('./compile.js');

require.extensions['.ts'] = (module, filename) => {
  module._compile(compile(readFileSync(filename, 'utf8'), filename), filename);
};
// Node tries the extensions in the order of this table: `./name` means name.ts, as it does to TypeScript, also beside a name.json.
const readJson = require.extensions['.json'];
delete require.extensions['.json'];
require.extensions['.json'] = readJson;

process.setSourceMapsEnabled(true);
process.argv.splice(1, 2, resolve(process.argv[2]));
require(process.argv[1]);
