import { mkdirSync, writeFileSync } from 'node:fs';
import { pinLoad } from './cores.js';
import { describeEnvironment } from './environment.js';
import { measure } from './measure.js';
import { type Options, readOptions, USAGE } from './options.js';
import { profile } from './profile.js';
import { report } from './report.js';

const RESULTS = new URL('../results/', import.meta.url);

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function run(options: Options): Promise<void> {
  const cores = pinLoad();
  const environment = describeEnvironment(cores);
  mkdirSync(RESULTS, { recursive: true });
  if (options.profile !== undefined) {
    console.log(await profile(options.profile, options, { cores, directory: RESULTS }));
    return;
  }
  const rows = await measure(options, cores);
  const text = report(rows, options, environment);
  console.log(text);
  writeFileSync(new URL('latest.md', RESULTS), text);
  if (rows.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
}
