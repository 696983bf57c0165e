import { ensureBuilt, ensureInstalled, ROOT } from './setup.mjs';

await ensureInstalled();
await ensureBuilt('apps/float-server');
// In this process, so that a signal to it reaches the server.
await import(`${ROOT}/apps/float-server/dist/main.js`);
