import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.js';
import { readAll } from '../support/raw-client.js';
import { startServer } from '../support/start-server.js';
import { eventually, within } from '../support/wait.js';

const KB = 1024;
const MB = 1024 * KB;

/** The configuration of each proxy: forwards everything from one port to another over persistent connections. */
const PROXIES = {
  nginx: (from: number, to: number, folder: string) => ({
    args: ['-p', folder, '-c', join(folder, 'config'), '-e', join(folder, 'error.log')],
    config: `daemon off; master_process off; pid ${folder}/pid; events {}
http {
  access_log off; client_max_body_size 0;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream node { server 127.0.0.1:${to}; keepalive 4; }
  server {
    listen 127.0.0.1:${from};
    location / {
      proxy_pass http://node; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host localhost;
    }
    # As nginx does without further words: HTTP/1.0, and a connection for each request.
    location /plain/ { proxy_pass http://127.0.0.1:${to}/; proxy_set_header Host localhost; }
  }
}
`,
  }),
  haproxy: (from: number, to: number, folder: string) => ({
    args: ['-db', '-f', join(folder, 'config')],
    config: `defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend in
  bind 127.0.0.1:${from}
  default_backend node
backend node
  http-reuse always
  http-request replace-path /plain/(.*) /\\1
  http-request set-header Host localhost
  server one 127.0.0.1:${to}
`,
  }),
} as const;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a proxy in front of a port, and returns its own port. */
async function startProxy(name: keyof typeof PROXIES, to: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  const port = await freePort();
  const { args, config } = PROXIES[name](port, to, folder);
  writeFileSync(join(folder, 'config'), config);
  const program = spawn(name, args, { stdio: 'ignore' });
  const failed = new Promise<never>((_resolve, reject) => program.once('error', reject));
  onCleanup(() => {
    program.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await Promise.race([eventually(`${name} listens`, () => isTaken(port)), failed]);
  return port;
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });
}

const REFUSALS: readonly (readonly [number, Record<string, string>])[] = [
  [403, { origin: 'https://elsewhere.example' }],
  [406, { accept: 'image/png' }],
  [415, { 'content-type': 'text/plain' }],
];

/** A client with a persistent connection. Returns the status of each response, or the error instead. */
function keptClient(port: number, path: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onCleanup(() => agent.destroy());
  return (headers: Record<string, string>, body: Buffer): Promise<number | string> => {
    const sent = { 'content-type': 'application/json', ...headers };
    const outgoing = httpRequest({ port, host: '127.0.0.1', path, method: 'POST', agent, headers: sent });
    const answer = new Promise<number | string>((resolve) => {
      const failed = ({ message }: Error): void => resolve(`${message}, sending ${body.length} bytes`);
      outgoing.on('error', failed);
      outgoing.once('response', (response) => readAll(response).then(({ status }) => resolve(status), failed));
    });
    outgoing.end(body);
    return within('an answer', answer);
  };
}

const PING = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}');

describe.each(['nginx', 'haproxy'] as const)('refused before its body was read, behind %s', (proxy) => {
  test.each([
    ['/mcp', 'kept connections'],
    ['/plain/mcp', 'connections of their own'],
  ])('a request reaches its client, and so does the next, at %s by %s (R22)', async (path) => {
    const { port: origin } = await startServer();
    const send = keptClient(await startProxy(proxy, origin), path);
    for (const size of [KB, MB, 5 * MB, 15 * MB]) {
      const body = Buffer.alloc(size, 'x');
      const refusals = [...REFUSALS, [size > 4 * MB ? 413 : 400, {}]] as const;
      for (const framing of [{ 'content-length': String(size) }, { 'transfer-encoding': 'chunked' }]) {
        for (const [status, headers] of refusals) {
          const statuses = [await send({ ...headers, ...framing }, body), await send({}, PING)];
          // Without a session, the next request is refused too, after its body.
          expect([framing, statuses]).toEqual([framing, [status, 400]]);
        }
      }
    }
  });
});
