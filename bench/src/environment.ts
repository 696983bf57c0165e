import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Cores } from './cores.js';

const PACKAGES = [
  'mcp-express',
  'express',
  'zod',
  '@modelcontextprotocol/sdk',
  '@modelcontextprotocol/server',
  '@modelcontextprotocol/node',
  '@modelcontextprotocol/express',
  'tmcp',
  '@tmcp/transport-http',
  'fastmcp',
  'mcp-lite',
  '@hono/mcp',
  'hono',
  '@hono/node-server',
  'redis',
];

/** The machine and the versions that the figures depend on, as lines of Markdown. */
export function describeEnvironment(cores: Cores | undefined): string[] {
  const pinned =
    cores === undefined ? 'nothing pinned' : `servers pinned to core ${cores.server}, the load to core ${cores.load}`;
  return [
    `- Date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit()}`,
    `- Machine: ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ` +
      `${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}; ${pinned}`,
    `- Load average before the run: ${loadavg()[0]?.toFixed(2)}`,
    `- Node ${process.versions.node}, V8 ${process.versions.v8}; servers run with NODE_ENV=production`,
    `- Packages: ${PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', ')}`,
  ];
}

/** Read from the file itself: not every package exports it. */
function versionOf(name: string): string {
  const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}

function commit(): string {
  try {
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const args = ['describe', '--always', '--dirty', '--abbrev=8'];
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
