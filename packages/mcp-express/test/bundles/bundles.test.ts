import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.js';

const PACKAGE = resolve(import.meta.dirname, '../..');
const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

/** Without what tests run under, and without `NODE_PATH`, by which a bundler would find what is not installed. */
const { NODE_OPTIONS: _options, NODE_PATH: _path, ...env } = process.env;

async function run(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args], { cwd, env, timeout: 50_000 });
  return stdout;
}

function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bundles-')));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A project that has installed the package as it is published, and zod, but none of the other optional peers. */
function project(): string {
  const folder = newFolder();
  const installed = join(folder, 'node_modules/mcp-express');
  mkdirSync(installed, { recursive: true });
  for (const part of ['package.json', 'libraries.cjs', 'dist']) {
    const isCode = (path: string): boolean => !/\.(?:map|d\.ts)$/.test(path);
    cpSync(join(PACKAGE, part), join(installed, part), { recursive: true, filter: isCode });
  }
  for (const name of [...Object.keys(dependencies), 'zod']) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(PACKAGE, 'node_modules', name)), link);
  }
  for (const file of ['app.mjs', 'with-json-schema.mjs', 'with-zod.mjs']) {
    cpSync(join(import.meta.dirname, file), join(folder, file));
  }
  return folder;
}

const commandOf = (name: string, path: string): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), path);

const ESBUILD = [commandOf('esbuild', 'bin/esbuild'), 'with-zod.mjs', '--bundle', '--platform=node'];
const NCC = [commandOf('@vercel/ncc', 'dist/ncc/cli.js'), 'build', 'with-json-schema.mjs', '--no-cache'];
const WEBPACK = [join(import.meta.dirname, 'webpack.mjs')];

/** What a bundle of CommonJS modules needs in an ES module to require those of Node (esbuild, "Platform"). */
const BANNER = `import { createRequire as of } from 'node:module'; const require = of(import.meta.url);`;

const DIALECTS = ['no-dialect', 'draft-04', 'draft-06', 'draft-07', '2019-09'];

interface Bundler {
  readonly file: string;
  readonly tools: readonly string[];
  /** Its command line. */
  args(from: string, to: string): readonly string[];
}

/** Zod is large, and slow to bundle. */
const BUNDLERS: Readonly<Record<string, Bundler>> = {
  'esbuild, as CommonJS': {
    file: 'app.cjs',
    tools: [...DIALECTS, 'shape'],
    args: (_from, to) => [...ESBUILD, '--log-level=error', '--format=cjs', `--outfile=${to}/app.cjs`],
  },
  'esbuild, as an ES module': {
    file: 'app.mjs',
    tools: [...DIALECTS, 'shape'],
    args: (_from, to) => [...ESBUILD, '--format=esm', `--banner:js=${BANNER}`, `--outfile=${to}/app.mjs`],
  },
  ncc: { file: 'index.mjs', tools: DIALECTS, args: (_from, to) => [...NCC, '-o', to] },
  webpack: { file: 'app.cjs', tools: DIALECTS, args: (from, to) => [...WEBPACK, from, './with-json-schema.mjs', to] },
};

const answersOf = (tools: readonly string[]) =>
  tools.flatMap((tool) => [
    `${tool}: the day 2026-11-30`,
    expect.stringMatching(`^${tool}: Invalid arguments for tool "${tool}": day: `),
  ]);

test('an app that was bundled and moved to where nothing is installed does what it did before', async () => {
  const from = project();
  const built = await Promise.all(
    Object.entries(BUNDLERS).map(async ([name, { file, args }]) => {
      const to = join(from, `by ${name}`);
      await run(from, ...args(from, to));
      const moved = join(newFolder(), 'moved');
      renameSync(to, moved);
      return [name, moved, file] as const;
    }),
  );
  rmSync(from, { recursive: true });
  const said = await Promise.all(
    built.map(async ([name, moved, file]) => [name, (await run(moved, file)).trim().split('\n')]),
  );
  const missing = ['redis', 'lmdb'].map((name) => `${name}Store needs the package "${name}": install it`);
  expect(said).toEqual(Object.entries(BUNDLERS).map(([name, { tools }]) => [name, [...answersOf(tools), ...missing]]));
}, 120_000);
