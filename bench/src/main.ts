import { mkdirSync, writeFileSync } from 'node:fs';
import { Bench } from './bench.js';
import { pinLoad } from './cores.js';
import { describeEnvironment } from './environment.js';
import { type Options, readOptions, USAGE } from './options.js';
import { Profiler } from './profiles/profiler.js';
import { chart } from './report/chart.js';
import { writeDocument } from './report/document.js';
import { report } from './report/report.js';
import { run } from './run.js';

const RESULTS = new URL('../results/', import.meta.url);

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function main({ help, rows, extent, writes, profile }: Options): Promise<void> {
  if (help) return console.log(USAGE);
  const cores = pinLoad();
  const environment = describeEnvironment(cores);
  mkdirSync(RESULTS, { recursive: true });
  const profiler = profile === undefined ? undefined : new Profiler(profile.subject, profile.kind, RESULTS);
  const results = await run(rows, new Bench(extent, cores, profiler));
  const failed = results.outcomes.filter(({ failure }) => failure !== undefined);
  if (failed.length > 0) process.exitCode = 1;
  if (profiler !== undefined) return console.log(profiler.describe());
  const text = report(results, extent, environment);
  console.log(text);
  writeFileSync(new URL('latest.md', RESULTS), text);
  writeFileSync(new URL('latest.svg', RESULTS), chart(results));
  if (writes) writeDocument(text, chart(results));
}
