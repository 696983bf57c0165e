import { ensureBuilt, ensureInstalled, must, withNode } from './setup.mjs';

await ensureInstalled();
await must(...withNode('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']));
await ensureBuilt(
  'packages/mcp-express/fixture',
  'apps/float-server',
  'bench',
  'apps/float-server/test/chaos',
  'packages/create-mcp-express',
);
await must(...withNode('typescript/bin/tsc', ['-p', 'tsconfig.json']));
