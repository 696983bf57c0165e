import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { CHECKS } from './compat/checks.mjs';
import { ensurePrograms } from './programs.mjs';
import { ensureInstalled, must, ROOT } from './setup.mjs';

/*
 * Two releases side by side on one store: `npm run compat -- --base REF` builds that commit in a worktree of its own, and has a
 * client go from a node of the one to a node of the other, and back. Without `--base`, the last tag is meant.
 */
const { values } = parseArgs({ options: { base: { type: 'string' } } });

const NODE = join(ROOT, 'scripts/compat/node.mjs');
const folder = mkdtempSync(join(tmpdir(), 'compat-'));
const worktree = join(folder, 'base');
const children = new Set();

const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

/** The commit that is compared with. */
function baseOf(ref) {
  try {
    return git('rev-parse', '--verify', `${ref ?? git('describe', '--tags', '--abbrev=0')}^{commit}`);
  } catch {
    console.error('There is no such commit, or no tag: name one by --base');
    process.exit(2);
  }
}

/** Bundles the package in a checkout. Declarations, which take long, are not needed. */
async function build(root) {
  const script =
    "import('./scripts/setup.mjs').then((setup) => setup.ensureInstalled()).then(() => import('./scripts/bundle.mjs')).then(({ bundle }) => bundle())";
  execFileSync(process.execPath, ['-e', script], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return join(root, 'packages/mcp-express');
}

/** A node of a build. It may be started again after it was killed. */
async function start(name, build, store) {
  const child = spawn(process.execPath, [NODE, build, store], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the node of ${name} ended with ${code}`);
  });
  ended.catch(() => {});
  const [url] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  return { name, build, store, child, url };
}

async function kill({ child }) {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  children.delete(child);
}

async function restart(node) {
  await kill(node);
  Object.assign(node, await start(node.name, node.build, node.store));
}

async function startRedis() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('Ready to accept')) break;
  child.stdout.resume();
  return `redis://127.0.0.1:${port}`;
}

/** @returns how many checks failed. */
async function compare(builds, store) {
  const nodes = [await start('the base', builds.base, store), await start('this', builds.own, store)];
  let failures = 0;
  for (const [from, to] of [nodes, nodes.toReversed()]) {
    for (const [title, check] of Object.entries(CHECKS)) {
      const failure = await check({ from, to, restart }).then(
        () => undefined,
        (cause) => cause,
      );
      console.log(
        `${failure === undefined ? 'ok    ' : 'FAILED'} ${store.split(':')[0]}, ${from.name} → ${to.name}: ${title}`,
      );
      if (failure !== undefined) console.log(failure);
      failures += failure === undefined ? 0 : 1;
    }
  }
  for (const node of nodes) await kill(node);
  return failures;
}

ensurePrograms();
await ensureInstalled();
const base = baseOf(values.base);
try {
  await must('git', ['worktree', 'add', '--detach', worktree, base]);
  const builds = { base: await build(worktree), own: await build(ROOT) };
  console.log(`${git('describe', '--always', '--dirty')} beside ${git('log', '-1', '--format=%h "%s"', base)}`);
  const failures =
    (await compare(builds, await startRedis())) + (await compare(builds, `lmdb:${join(folder, 'store')}`));
  console.log(failures === 0 ? 'All of it works side by side.' : `${failures} checks failed.`);
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  for (const child of children) child.kill('SIGKILL');
  execFileSync('git', ['worktree', 'remove', '--force', worktree], { cwd: ROOT, stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
}
