/**
 * Runs a TypeScript file without a build: `node scripts/run.js FILE [ARGUMENT...]`. The tests start some hundred gateways so: until
 * it listens each takes 1.2 to 1.5 s of processor time, with tsx 3.3 to 4.4 s.
 */
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { useCodeCache } = require('./codeCache.js');
const { compile } = require('./compile.js');
const { useSourcePositions } = require('./sourcePositions.js');

const notePositions = useSourcePositions();

require.extensions['.ts'] = (module, filename) => {
  const code = compile(readFileSync(filename, 'utf8'), filename);
  notePositions(filename, code);
  module._compile(code, filename);
};
// Node tries the extensions in the order of this table: `./name` means name.ts, as it does to TypeScript, also beside a name.json.
const readJson = require.extensions['.json'];
delete require.extensions['.json'];
require.extensions['.json'] = readJson;

process.argv.splice(1, 2, resolve(process.argv[2]));
const storeCode = useCodeCache(process.argv[1]);
require(process.argv[1]);
storeCode();
