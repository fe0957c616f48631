/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testEnvironment: '<rootDir>/test/jest/environment.js',
  runtime: '<rootDir>/test/jest/runtime.js',
  transform: { '^.+\\.[tj]s$': '@swc/jest' },
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  globalSetup: '<rootDir>/test/databases/globalSetup.ts',
  globalTeardown: '<rootDir>/test/databases/globalTeardown.ts',
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/jest/longestFirst.js',
  // Most tests wait for a server or a time-out for about half of their time: three, with the checks beside them, fill two processors.
  // With four the whole run takes as long, and Prefect servers that start side by side exceed time limits.
  maxWorkers: 3,
};
