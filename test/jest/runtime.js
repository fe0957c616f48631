const { statSync } = require('node:fs');
const { createRequire, isBuiltin } = require('node:module');
const { Script } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

const isOfJest = name => name === 'expect' || name.startsWith('@jest/');
const isPackage = name => !/^[./]/.test(name) && !isBuiltin(name) && !isOfJest(name);

/** What was transformed in this process, by file name. */
const transformed = new Map();

/** Lets a cache of one test file's transformed modules take over what earlier files of the process had transformed. */
function shareTransformed(cache) {
  const transform = cache.transform.bind(cache);
  cache.transform = (filename, options) => {
    const { mtimeMs } = statSync(filename);
    const before = transformed.get(filename);
    if (before?.mtimeMs !== mtimeMs) {
      const code = transform(filename, options);
      transformed.set(filename, { mtimeMs, code, file: cache.transforms.get(filename) });
      return code;
    }
    const { code, file } = before;
    if (file !== undefined) cache.transforms.set(filename, file);
    if (file?.sourceMapPath) cache.sourceMaps.set(filename, file.sourceMapPath);
    return code;
  };
}

/** What was compiled in this process, by file name: most files of tests load the same 500 modules. */
const compiled = new Map();

/** A function of the process's own context that runs a module; each call returns one with variables of its own. */
function compile(source, filename, parameters) {
  const before = compiled.get(filename);
  if (before?.source === source) return before.script.runInThisContext();
  const head = `(function (${parameters.join(', ')}) {`;
  const script = new Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
  compiled.set(filename, { source, script });
  return script.runInThisContext();
}

/**
 * Loads packages once for all test files of a process: those of a gateway take longer to load than most files last. The
 * project's own modules are transformed and compiled once, and run afresh for each file.
 */
module.exports = class SharedPackages extends Runtime {
  constructor(...parameters) {
    super(...parameters);
    const { executor, _environment: environment } = this;
    shareTransformed(executor.transformCache);
    // Jest compiles modules for a context of their own only; this one is the process's.
    executor.compile = (source, filename) =>
      environment.getVmContext() === null
        ? null
        : compile(source, filename, executor.injectedModuleParameters);
  }

  requireModuleOrMock(from, name) {
    return isPackage(name) ? createRequire(from)(name) : super.requireModuleOrMock(from, name);
  }
};
