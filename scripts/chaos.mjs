import { ensurePrograms } from './programs.mjs';
import { ensureBuilt, ensureInstalled, ROOT } from './setup.mjs';

ensurePrograms();
await ensureInstalled();
await ensureBuilt('apps/float-server/test/chaos');
// In this process, so that Ctrl-C reaches the one that ends the servers.
await import(`${ROOT}/apps/float-server/test/chaos/dist/main.js`);
