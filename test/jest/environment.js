const { AsyncLocalStorage } = require('node:async_hooks');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Those in which something was run. */
const storages = new Set();
for (const name of ['run', 'enterWith']) {
  const method = AsyncLocalStorage.prototype[name];
  AsyncLocalStorage.prototype[name] = function (...parameters) {
    storages.add(this);
    return method.apply(this, parameters);
  };
}

/** Jest and the product make new ones for each file. Until it is disabled, each costs something with every promise. */
function disableStorages() {
  for (const storage of storages) storage.disable();
  storages.clear();
}

/**
 * Gives a test file the globals of its process, as the product has them. Jest's own environment gives each file a copy, through
 * which every use of a global takes many times as long, and in which the errors and arrays of a package that was loaded before
 * are none. What a file adds to the globals ends with it.
 */
module.exports = class Environment {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    this.namesBefore = new Set(Reflect.ownKeys(globalThis));
    this.exit = process.exit;
  }

  async setup() {
    // Jest has raised it to 100. The driver of MySQL takes a stack trace for each query.
    Error.stackTraceLimit = 10;
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    this.fakeTimersModern = null;
    disableStorages();
    // Jest replaces it for each file, by a function that calls the one it finds.
    process.exit = this.exit;
    for (const name of Reflect.ownKeys(globalThis)) {
      // Some packages add names for as long as the process lasts, which cannot be removed.
      if (!this.namesBefore.has(name)) Reflect.deleteProperty(globalThis, name);
    }
    this.global = null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return this.global;
  }
};
