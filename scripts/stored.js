const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

// Goes with the packages.
const folder = join(__dirname, '../node_modules/.cache/switchyard');

/** Reads what was stored by a name, as bytes; null where nothing was. */
exports.readStored = name => {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return null;
  }
};

/** Stores a text or bytes by a name for later processes. */
exports.store = (name, content) => {
  // Another process may be reading or writing the same.
  const unfinished = join(folder, `${name}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, content);
    renameSync(unfinished, join(folder, name));
  } catch (error) {
    // Where packages cannot be written to, all is compiled anew each time.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  }
};
