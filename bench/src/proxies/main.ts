import { spawnSync } from 'node:child_process';
import type { Protocol } from './client.js';
import { type Measured, measure } from './measure.js';
import { PROXIES, type ProxyServer } from './proxy-list.js';

/*
 * Measures how proxies treat streams: `npm run proxies`, or `npm run proxies -- nginx caddy`. Starts each with a configuration of
 * its own on the loopback interface, with a server behind it, and prints the table of docs/guides/behind-a-proxy.md.
 */

const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
const chosen = PROXIES.filter(({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()));

const COLUMNS: readonly (readonly [string, keyof Measured])[] = [
  ['events flow one by one', 'flows'],
  ['the server hears a client leave', 'leaving'],
  ['a break looks broken', 'breaking'],
  ['headers with `_`', 'underscores'],
];

row(['proxy', 'setting', ...COLUMNS.map(([title]) => title)]);
row(['---', '---', ...COLUMNS.map(() => '---')]);
for (const proxy of chosen) {
  const protocols: readonly Protocol[] = proxy.http2 === 'none' ? ['HTTP/1.1'] : ['HTTP/1.1', 'HTTP/2'];
  const seen: (readonly [Protocol, Measured])[] = [];
  for (const protocol of protocols) seen.push([protocol, await measure(proxy, protocol)]);
  row([`${proxy.name} ${versionOf(proxy)}`, proxy.setting, ...COLUMNS.map(([, column]) => together(seen, column))]);
}

function together(seen: readonly (readonly [Protocol, Measured])[], column: keyof Measured): string {
  const different = new Set(seen.map(([, measured]) => measured[column]));
  const [only] = different;
  if (different.size === 1 && only !== undefined) return only;
  return seen.map(([protocol, measured]) => `${protocol}: ${measured[column]}`).join('; ');
}

function row(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

function versionOf({ program, version }: ProxyServer): string {
  const { stdout, stderr } = spawnSync(program, version, { encoding: 'utf8' });
  return /\d+\.\d+(?:\.\d+)?/.exec(`${stdout}${stderr}`)?.[0] ?? 'of unknown version';
}
