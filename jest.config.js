const swc = require('./scripts/swc.js');

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testEnvironment: 'node',
  transform: { '^.+\\.[tj]s$': ['@swc/jest', swc] },
  // Published as ES modules only, which Jest cannot require.
  transformIgnorePatterns: ['/node_modules/(?!temporal-|@seriousme)'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  globalSetup: '<rootDir>/test/databases/globalSetup.ts',
  globalTeardown: '<rootDir>/test/databases/globalTeardown.ts',
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/longestFirst.js',
  // Most tests wait for a server or a time-out for about half of their time: three fill two processors.
  maxWorkers: 3,
};
