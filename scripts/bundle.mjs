import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { ROOT } from './setup.mjs';

const PACKAGE = `${ROOT}/packages/mcp-express`;

/**
 * Writes one file for each entry of the package, and what they share beside them: a server that starts reads a few files
 * instead of some three hundred, which takes half the time. The declarations are the compiler's (`tsc -b`).
 */
export async function bundle() {
  const { metafile } = await build({
    absWorkingDir: PACKAGE,
    metafile: true,
    entryPoints: entries(),
    outbase: `${PACKAGE}/src`,
    outdir: `${PACKAGE}/dist`,
    chunkNames: 'shared/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    external: ['#libraries'],
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  // Only now: a server that runs meanwhile may still load what it shares.
  for (const file of readdirSync(`${PACKAGE}/dist/shared`)) {
    if (!(`dist/shared/${file}` in metafile.outputs)) rmSync(`${PACKAGE}/dist/shared/${file}`);
  }
}

/** The sources of what `exports` names. */
function entries() {
  const { exports } = JSON.parse(readFileSync(`${PACKAGE}/package.json`, 'utf8'));
  const files = Object.values(exports).map((entry) => entry.default);
  return files
    .filter((file) => file !== undefined)
    .map((file) => `${PACKAGE}/${file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`);
}
