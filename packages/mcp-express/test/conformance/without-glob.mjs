/**
 * The suite imports `fs.globSync`, which Node 20 does not have, for a command that is not used here. Loaded with
 * `node --import`, this takes the import away.
 */
import { register } from 'node:module';

const SUITE = /\/conformance(-stable)?\/dist\/index\.js$/;
const IMPORTED_NAME = /\bglobSync as (\w+),/;

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!SUITE.test(url) || loaded.source == null) return loaded;
  const source = loaded.source.toString();
  const name = IMPORTED_NAME.exec(source)?.[1];
  return name === undefined
    ? loaded
    : { ...loaded, source: `${source.replace(IMPORTED_NAME, '')}\nfunction ${name}(){}` };
}

// This file is both the hook and what installs it; the hook runs on a thread of its own, where `data` is set.
if (!process.env.MCP_EXPRESS_HOOKED) {
  process.env.MCP_EXPRESS_HOOKED = '1';
  register(import.meta.url);
}
