import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of the repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program to its end, showing what it prints. Resolves with its exit code. */
export function run(command, args, env = {}) {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  });
}

/**
 * Like `run`, and ends processes that the program left running: otherwise a server that a failed test did not stop would
 * hold the output of this process open, and its reader would wait for ever.
 */
export async function runAndSweep(command, args, env = {}) {
  const options = { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env }, detached: true };
  const child = spawn(command, args, options);
  // A group of its own is not reached by Ctrl-C.
  const pass = (signal) => signalGroup(child.pid, signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  const [code] = await once(child, 'exit');
  const left = runningIn(child.pid);
  if (left.length > 0) process.stderr.write(`Left running, and ended now:\n${left.join('\n')}\n`);
  signalGroup(child.pid, 'SIGKILL');
  return code ?? 128;
}

/** @returns a line for each process of the group that has not ended. */
function runningIn(group) {
  if (!signalGroup(group, 0)) return [];
  const { stdout } = spawnSync('ps', ['-eo', 'pgid=,stat=,pid=,args='], { encoding: 'utf8' });
  const lines = (stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  return lines
    .filter(([of, state]) => of === String(group) && !state.startsWith('Z'))
    .map((line) => line.slice(2).join(' '));
}

/** @returns whether there is any process in the group, even one that has ended and was not waited for. */
function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** Like `run`, and ends this process too when the program fails. */
export async function must(command, args, env) {
  const code = await run(command, args, env);
  if (code !== 0) process.exit(code);
}

/** Installs the workspace, unless it matches the lockfile. Runs pnpm through npx, so that only npm is needed. */
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
