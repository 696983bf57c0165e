import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A function in a profile of V8. Lines and columns count from 0. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Most lines of each list, and the least share of a line. */
const SHOWN = 45;
const LEAST_SHARE = 0.001;

/** The name and the place of a function, for the report. */
export function nameOf(frame: CallFrame): string {
  const { url, line } = sourceOf(frame);
  const place = url.replace(/^.*\/(?:node_modules|packages|bench)\//, '');
  return `${frame.functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${line + 1}`}`;
}

const maps = new Map<string, SourceMap | undefined>();

/** Where it was written, which for files that are bundled is another file than the one that runs. */
function sourceOf({ url, lineNumber, columnNumber }: CallFrame): { url: string; line: number } {
  const map = isOurs(url) ? mapOf(url) : undefined;
  const found = map?.findEntry(lineNumber, columnNumber);
  if (found === undefined || !('originalSource' in found)) return { url, line: lineNumber };
  return { url: new URL(found.originalSource, url).href, line: found.originalLine };
}

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) {
    const file = `${fileURLToPath(url)}.map`;
    maps.set(url, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined);
  }
  return maps.get(url);
}

/** The package that a function belongs to. */
export function ownerOf({ functionName, url }: CallFrame): string {
  const scoped = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (scoped !== undefined) return scoped;
  if (isOurs(url)) return 'mcp-express';
  if (url.includes('/bench/')) return 'the benchmark';
  if (url.startsWith('node:')) return 'Node, in JavaScript';
  return functionName.startsWith('(') ? functionName : 'natives';
}

/** Whether a file belongs to mcp-express. */
export function isOurs(url: string): boolean {
  return url.includes('/packages/mcp-express/');
}

/** Adds up by name. */
export class Sums {
  readonly #sums = new Map<string, number>();
  #whole = 0;

  add(name: string, amount: number): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0) + amount);
    this.#whole += amount;
  }

  get whole(): number {
    return this.#whole;
  }

  section(title: string): string[] {
    const worthIt = [...this.#sums].filter(([, amount]) => amount >= this.#whole * LEAST_SHARE);
    const sorted = worthIt.sort(([, a], [, b]) => b - a).slice(0, SHOWN);
    const lines = sorted.map(([name, amount]) => `| ${((amount / this.#whole) * 100).toFixed(1)} % | ${name} |`);
    return ['', `## ${title}`, '', '| share | |', '| ---: | --- |', ...lines];
  }
}
