import { ensurePrograms } from './programs.mjs';
import { ensureBuilt, ensureInstalled, must, ROOT } from './setup.mjs';

await ensureInstalled();
ensurePrograms();
await ensureBuilt('bench');
await must(process.execPath, [`${ROOT}/bench/dist/hostile/main.js`, ...process.argv.slice(2)]);
