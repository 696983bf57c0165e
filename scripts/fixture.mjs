import { ensureBuilt, ensureInstalled, ROOT } from './setup.mjs';

await ensureInstalled();
await ensureBuilt('packages/mcp-express/fixture');
await import(`${ROOT}/packages/mcp-express/fixture/dist/main.js`);
