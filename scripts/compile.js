const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { version } = require('@swc/core/package.json');
const options = require('./swc.js');

// Goes with the packages.
const folder = join(__dirname, '../node_modules/.cache/switchyard');

/** Compiles a TypeScript file, or takes what was made of the same text before: a gateway consists of 500 files. */
exports.compile = (source, filename) => {
  const what = JSON.stringify([version, options, filename, source]);
  const path = join(folder, `${createHash('sha256').update(what).digest('hex')}.js`);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const { code } = require('@swc/core').transformSync(source, { ...options, filename });
  store(path, code);
  return code;
};

function store(path, code) {
  // Another process may be reading or writing the same.
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, code);
    renameSync(unfinished, path);
  } catch (error) {
    // Where packages cannot be written to, all is compiled anew each time.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  }
}
