import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

const HERE = import.meta.dirname;

export interface SuiteRun {
  readonly exitCode: number | null;
  readonly output: string;
  /** Scenarios of the summary, with their counts. */
  readonly scenarios: readonly { readonly name: string; readonly passed: number; readonly failed: number }[];
}

/** The suite's releases: the newest, and the one that `npx` gives who does not ask for another. */
export type Release = '@modelcontextprotocol/conformance' | 'conformance-stable';

/** Runs the official conformance suite against a server that is up. */
export async function runSuite(release: Release, url: string, args: readonly string[]): Promise<SuiteRun> {
  const manifest = createRequire(import.meta.url).resolve(`${release}/package.json`);
  const program = resolve(dirname(manifest), 'dist/index.js');
  const hook = resolve(HERE, 'without-glob.mjs');
  const child = spawn(process.execPath, ['--import', hook, program, 'server', '--url', url, ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exitCode = await new Promise<number | null>((settle) => child.once('close', settle));
  return { exitCode, output, scenarios: summaryOf(output) };
}

const SUMMARY_LINE = /^[✓✗] (\S+): (\d+) passed, (\d+) failed/gmu;

function summaryOf(output: string): SuiteRun['scenarios'] {
  return [...output.matchAll(SUMMARY_LINE)].map(([, name = '', passed, failed]) => ({
    name,
    passed: Number(passed),
    failed: Number(failed),
  }));
}
