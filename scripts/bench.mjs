import { ensureBuilt, ensureInstalled, ROOT } from './setup.mjs';

await ensureInstalled();
await ensureBuilt('bench');
// In this process, so that Ctrl-C reaches the one that ends the servers.
await import(`${ROOT}/bench/dist/main.js`);
