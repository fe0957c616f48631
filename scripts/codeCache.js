const { createHash } = require('node:crypto');
const Module = require('node:module');
const { dirname } = require('node:path');
const { constants, Script } = require('node:vm');
const { readStored, store } = require('./stored.js');

const digest = text => createHash('sha1').update(text).digest('base64url');

/**
 * Lets the modules of a program, packages too, run the code that V8 made of the same texts before: a gateway consists of 2200
 * modules. Node 22 has `module.enableCompileCache` for it.
 *
 * @returns what stores the code of modules that are new, to be called once the program is loaded.
 */
exports.useCodeCache = program => {
  // V8 rejects code that it made under other options.
  const name = `${digest(JSON.stringify([process.version, process.execArgv, program]))}.code`;
  const code = parse(readStored(name) ?? Buffer.from('[]\n'));
  let isComplete = true;

  const compileAny = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, format) {
    if (format === 'module') return compileAny.call(this, content, filename, format);
    const source = Module.wrap(content.replace(/^#!.*/, ''));
    const key = digest(`${filename} ${source}`);
    const cachedData = code.get(key);
    const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
    const script = new Script(source, { filename, cachedData, importModuleDynamically });
    const run = script.runInThisContext();
    const result = run.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
    if (cachedData !== undefined) return result;
    // With the functions that it has called, and before the program changes options of V8.
    code.set(key, script.createCachedData());
    isComplete = false;
    return result;
  };

  return () => {
    if (!isComplete) store(name, formatCode(code));
  };
};

/** The function by which a module loads others, as Node makes it. */
function requireOf(module) {
  const require = name => module.require(name);
  require.resolve = (name, options) => Module._resolveFilename(name, module, false, options);
  require.resolve.paths = name => Module._resolveLookupPaths(name, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

/** A line with the keys and lengths, then the code of all modules. */
function formatCode(code) {
  const head = JSON.stringify([...code].map(([key, { length }]) => [key, length]));
  return Buffer.concat([Buffer.from(`${head}\n`), ...code.values()]);
}

function parse(stored) {
  const code = new Map();
  let start = stored.indexOf('\n') + 1;
  for (const [key, length] of JSON.parse(stored.toString('utf8', 0, start))) {
    code.set(key, stored.subarray(start, start + length));
    start += length;
  }
  return code;
}
