/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

type Project = Exclude<NonNullable<Config['projects']>[number], string>;

/** Tests run as the ES modules they are (`--experimental-vm-modules`, set by `scripts/test.mjs`), against the sources. */
const common: Project = {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/apps', '<rootDir>/bench'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^mcp-express$': '<rootDir>/packages/mcp-express/src/index.ts',
    '^mcp-express/auth$': '<rootDir>/packages/mcp-express/src/auth/index.ts',
    '^mcp-express/lmdb$': '<rootDir>/packages/mcp-express/src/store/lmdb/index.ts',
    '^mcp-express/otel$': '<rootDir>/packages/mcp-express/src/otel/index.ts',
    '^mcp-express/redis$': '<rootDir>/packages/mcp-express/src/store/redis/index.ts',
    '^mcp-express/sdk$': '<rootDir>/packages/mcp-express/src/sdk/index.ts',
    '^mcp-express/stdio$': '<rootDir>/packages/mcp-express/src/stdio/index.ts',
    '^mcp-express/testing$': '<rootDir>/packages/mcp-express/src/testing/index.ts',
    '^(float-api|float-sandbox|resource-planning)$': '<rootDir>/packages/$1/src/index.ts',
  },
  modulePathIgnorePatterns: ['/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/create-mcp-express/template/'],
};

/** What must be the same on two nodes that take turns over one Redis as on one node that has its memory. */
const ON_TWO_NODES = [
  'features/{answers-from-others,cancel-from-a-second-connection,close-stream,duplicate-ids}.test.ts',
  'features/{elicitation-on-the-call-stream,idempotent-retries,list-changed,mixed-batches}.test.ts',
  'features/no-leak-between-principals.test.ts',
  'features/{progress,resource-updated,url-elicitation}.test.ts',
  'spec/{transports-resuming,transports-listening,roots,sampling}.test.ts',
].map((files) => `<rootDir>/packages/mcp-express/test/${files}`);

const SUPPORT = '<rootDir>/packages/mcp-express/test/support';

const config: Config = {
  projects: [
    { ...common, displayName: 'all', testMatch: ['**/src/**/*.test.ts', '**/test/**/*.test.ts'] },
    {
      ...common,
      displayName: 'two nodes',
      testMatch: ON_TWO_NODES,
      globalSetup: `${SUPPORT}/shared-redis.mjs`,
      globalTeardown: `${SUPPORT}/stop-shared-redis.mjs`,
      setupFiles: [`${SUPPORT}/use-shared-redis.mjs`],
    },
  ],
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/scripts/end-of-run.mjs'],
  // Jest leaves one core free, which is half of two.
  maxWorkers: '100%',
  // Node does not let go of the ES modules of a suite that is over: a worker that has run many spends its time on garbage.
  workerIdleMemoryLimit: '1GB',
};

export default config;
