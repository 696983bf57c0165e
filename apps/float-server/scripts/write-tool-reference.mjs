/** Writes docs/float-tools.md from the tables of the tools. */
import { writeFileSync } from 'node:fs';
import { ensureBuilt, ROOT } from '../../../scripts/setup.mjs';

await ensureBuilt('apps/float-server');
const { toolReference } = await import('../dist/tools/reference.js');
writeFileSync(`${ROOT}/docs/float-tools.md`, toolReference());
