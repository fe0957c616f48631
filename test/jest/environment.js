const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

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
    // There is nothing to wait for.
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    this.fakeTimersModern = null;
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
