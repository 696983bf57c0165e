import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program to its end, showing what it prints. Resolves with its exit code. */
export function run(command, args, env = {}) {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  });
}

/** Like `run`, and ends this process too when the program fails. */
export async function must(command, args, env) {
  const code = await run(command, args, env);
  if (code !== 0) process.exit(code);
}

/** Installs the workspace, unless it is installed as the lockfile says. pnpm comes through npx: only npm is needed. */
export async function ensureInstalled() {
  const stamp = `${ROOT}/node_modules/.installed`;
  const wanted = createHash('sha256')
    .update(readFileSync(`${ROOT}/pnpm-lock.yaml`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const { packageManager } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
  // The hash behind the version is for Corepack; npx checks what it fetches against the registry's own.
  await must('npx', ['--yes', packageManager.split('+')[0], 'install', '--frozen-lockfile', '--prefer-offline']);
  writeFileSync(stamp, wanted);
}

/** Compiles what has changed since the last time. */
export async function ensureBuilt(...projects) {
  await must(...withNode('typescript/bin/tsc', ['-b', ...projects]));
  // Loaded only now: its packages may have been installed by this very process.
  const { bundle } = await import('./bundle.mjs');
  await bundle();
}

/** @returns the command and arguments that run an installed package's program with this Node. */
export function withNode(path, args) {
  return [process.execPath, [`${ROOT}/node_modules/${path}`, ...args]];
}
