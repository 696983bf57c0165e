/** A function in a profile of V8. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** Lines of each list, which end where the shares no longer tell anything. */
const SHOWN = 45;
const LEAST_SHARE = 0.001;

export function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const place = url.replace(/^.*\/(?:node_modules|packages|bench)\//, '');
  return `${functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`;
}

export function ownerOf({ functionName, url }: CallFrame): string {
  const scoped = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (scoped !== undefined) return scoped;
  if (isOurs(url)) return 'mcp-express';
  if (url.includes('/bench/')) return 'the benchmark';
  if (url.startsWith('node:')) return 'Node, in JavaScript';
  return functionName.startsWith('(') ? functionName : 'natives';
}

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
