const swc = require('./scripts/swc.js');

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  globalSetup: '<rootDir>/test/databases/globalSetup.ts',
  globalTeardown: '<rootDir>/test/databases/globalTeardown.ts',
  testTimeout: 30_000,
  maxWorkers: 2,
};
