import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { FastMCP } from 'fastmcp';
import { announce } from '../announce.js';
import { SERVED_TOOLS } from '../settings.js';

const server = new FastMCP({ name: 'bench', version: '1.0.0' });
for (const { name, description, input, run } of SERVED_TOOLS) {
  server.addTool({ name, description, parameters: input, execute: async (args) => run(args) });
}

// FastMCP does not report a port that the system chose, so it gets a fixed one.
const port = await freePort();
await server.start({ transportType: 'httpStream', httpStream: { port, host: '127.0.0.1' } });
await announce(port);

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return free;
}
