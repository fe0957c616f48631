const { createRequire, isBuiltin } = require('node:module');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

const isOfJest = name => name === 'expect' || name.startsWith('@jest/');
const isPackage = name => !/^[./]/.test(name) && !isBuiltin(name) && !isOfJest(name);

/**
 * Loads packages once for all test files of a process: those of a gateway take longer to load than most files last. The
 * project's own modules are loaded afresh for each file.
 */
module.exports = class SharedPackages extends Runtime {
  constructor(...parameters) {
    super(...parameters);
    const { executor, _environment: environment } = this;
    // Jest compiles modules for a context of their own only; this one is the process's.
    executor.compile = (source, filename) =>
      environment.getVmContext() === null
        ? null
        : compileFunction(source, executor.injectedModuleParameters, { filename });
  }

  requireModuleOrMock(from, name) {
    return isPackage(name) ? createRequire(from)(name) : super.requireModuleOrMock(from, name);
  }
};
