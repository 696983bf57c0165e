/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/** Tests run as the ES modules they are (`--experimental-vm-modules`, set by `scripts/test.mjs`), against the sources. */
const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/apps'],
  testMatch: ['**/src/**/*.test.ts', '**/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^mcp-express$': '<rootDir>/packages/mcp-express/src/index.ts',
    '^mcp-express/auth$': '<rootDir>/packages/mcp-express/src/auth/index.ts',
    '^mcp-express/redis$': '<rootDir>/packages/mcp-express/src/store/redis/index.ts',
    '^mcp-express/testing$': '<rootDir>/packages/mcp-express/src/testing/index.ts',
  },
  modulePathIgnorePatterns: ['/dist/'],
  testTimeout: 30_000,
  // Jest leaves one core free, which is half of two.
  maxWorkers: '100%',
};

export default config;
