import { openStore, serve } from 'mcp-express';
import { buildApp } from './app.js';
import { readKeys } from './keys.js'; // {{#auth}}

const { HOST = '127.0.0.1', PORT = '3000', STORE = '{{STORE}}', ALLOWED_HOSTS = '' } = process.env;

// Sessions and streams are kept here: they survive a restart.
const store = await openStore(STORE);
const app = buildApp({
  store,
  auth: await readKeys(), // {{#auth}}
  // The host names of this server, if clients reach it under others than its address.
  ...(ALLOWED_HOSTS === '' ? {} : { allowedHosts: ALLOWED_HOSTS.split(',') }),
});
const served = await serve(app, { host: HOST, port: Number(PORT) });
process.stdout.write(`{{NAME}} is ready at ${served.url}/mcp\n`);

// Running calls finish on the first signal. A second one ends the process at once.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await served.close({ graceMs: 10_000 });
    await store.close();
  });
}
