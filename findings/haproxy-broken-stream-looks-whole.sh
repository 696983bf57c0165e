#!/usr/bin/env bash
# HAProxy 2.6.12 (Debian 12): a response whose server dies in the middle is broken for a client of HTTP/1.1, and complete for a
# client of HTTP/2.
#
# The server sends a chunked response and closes its connection before the last chunk. HTTP/1.1 clients of the proxy see the
# last chunk missing too. For HTTP/2 clients the proxy ends the stream with no error (the code of the stream is 0), so that
# curl exits with 0, and fetch() resolves with half a document. So whoever streams events or rows cannot tell the end of
# the data from the end of its server, unless the data says itself that it is complete.
#
# Needs node and haproxy 2.6.12. Seen:
#
#   HTTP/1.1: broken after "first"
#   HTTP/2: complete after "first"
#
# Exits with 1 when the behaviour is another one.
set -euo pipefail
version=$(haproxy -v)
case $version in
  *'version 2.6.12'*) ;;
  *) echo "needs haproxy 2.6.12; there is: $version" && exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >seen.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer as listenOn } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const server = createServer((_request, response) => {
  response.write('first');
  setTimeout(() => response.socket.destroy(), 300);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

async function freePort() {
  const free = listenOn().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  free.close();
  await once(free, 'close');
  return port;
}

const [one, two] = [await freePort(), await freePort()];
writeFileSync(
  'haproxy.cfg',
  `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend in
  bind 127.0.0.1:${one}
  bind 127.0.0.1:${two} proto h2
  default_backend node
backend node
  server one 127.0.0.1:${server.address().port}
`,
);
const proxy = spawn('haproxy', ['-db', '-q', '-f', 'haproxy.cfg'], { stdio: 'ignore' });
for (let isUp = false; !isUp; await pause(50)) {
  const socket = connect(two, '127.0.0.1');
  isUp = await new Promise((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
  socket.destroy();
}

await new Promise((resolve) => {
  get({ host: '127.0.0.1', port: one, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    response.on('error', () => {});
    response.on('close', () => {
      console.log(`HTTP/1.1: ${response.complete ? 'complete' : 'broken'} after "${text}"`);
      resolve();
    });
  });
});

await new Promise((resolve) => {
  const session = connectHttp2(`http://127.0.0.1:${two}`);
  const stream = session.request({ ':path': '/' });
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  stream.on('error', () => {});
  stream.on('close', () => {
    console.log(`HTTP/2: ${stream.rstCode === 0 ? 'complete' : 'broken'} after "${text}"`);
    session.close();
    resolve();
  });
});
proxy.kill('SIGKILL');
server.close();
JS

seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = 'HTTP/1.1: broken after "first"
HTTP/2: complete after "first"' ]
