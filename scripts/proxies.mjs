import { ensurePrograms, PROXIES } from './programs.mjs';
import { ensureBuilt, ensureInstalled, must, ROOT } from './setup.mjs';

await ensureInstalled();
ensurePrograms(PROXIES);
await ensureBuilt('bench');
await must(process.execPath, [`${ROOT}/bench/dist/proxies/main.js`, ...process.argv.slice(2)]);
