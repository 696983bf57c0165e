import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { ROOT } from './setup.mjs';

const PACKAGE = `${ROOT}/packages/mcp-express`;

/**
 * Bundles each entry of the package into one file, with shared code in further files: a starting server reads a few files
 * instead of some three hundred, in half the time. The compiler writes the declarations (`tsc -b`).
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
    // Kept for work on the package, and not published: the sources that it names are not part of the package.
    sourcemap: 'external',
    logLevel: 'warning',
  });
  // Last, because a running server may still load shared files.
  for (const file of readdirSync(`${PACKAGE}/dist/shared`)) {
    if (!(`dist/shared/${file}` in metafile.outputs)) rmSync(`${PACKAGE}/dist/shared/${file}`);
  }
}

/** The sources of the files in `exports` and `bin` of package.json. */
function entries() {
  const { bin, exports } = JSON.parse(readFileSync(`${PACKAGE}/package.json`, 'utf8'));
  const files = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)];
  return files
    .filter((file) => file !== undefined)
    .map((file) => `${PACKAGE}/${file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`);
}
