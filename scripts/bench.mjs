import { ensurePrograms } from './programs.mjs';
import { ensureBuilt, ensureInstalled, ROOT } from './setup.mjs';

await ensureInstalled();
// Redis is one of the rows.
ensurePrograms();
await ensureBuilt('bench');
// In this process, so that Ctrl-C reaches the one that ends the servers.
await import(`${ROOT}/bench/dist/main.js`);
