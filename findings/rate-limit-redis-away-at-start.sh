#!/usr/bin/env bash
# rate-limit-redis 6.0.1 (with redis 6.3.1): a RedisStore that is made while Redis is away never counts again, although its
# client has connected since and answers PING.
#
# Its init() loads two scripts and keeps the promises. Where the first load fails, after the five seconds that a command of
# the client waits, every later increment() awaits the promise that was rejected then, and fails at once; only an answer
# NOSCRIPT would make it load the script again. So express-rate-limit answers every request with an error, or with
# passOnStoreError counts none, until the process is started again. A process that starts in the wrong minute stays so.
#
# Needs node, npm and redis-server. Seen:
#
#   init failed
#   connected: PONG
#   increment failed at once
#   increment failed at once
#   init again, and increment: 1
#
# Calling init() again mends it. Exits with 1 when the behaviour is another one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts rate-limit-redis@6.0.1 redis@6.3.1 express-rate-limit@8.7.4 >/dev/null

cat >seen.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { RedisStore } from 'rate-limit-redis';
import { createClient } from 'redis';

const free = createServer().listen(0, '127.0.0.1');
await once(free, 'listening');
const { port } = free.address();
free.close();
await once(free, 'close');

const client = createClient({ url: `redis://127.0.0.1:${port}` });
client.on('error', () => {});
const connected = client.connect();
const store = new RedisStore({ sendCommand: (...command) => client.sendCommand(command) });
await store.init({ windowMs: 60_000 }).then(
  () => console.log('init succeeded'),
  () => console.log('init failed'),
);

const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' });
await connected;
console.log(`connected: ${await client.ping()}`);
for (let count = 0; count < 2; count += 1) {
  const began = performance.now();
  await store.increment('a').then(
    ({ totalHits }) => console.log(`increment: ${totalHits}`),
    () => console.log(`increment failed ${performance.now() - began < 1_000 ? 'at once' : 'late'}`),
  );
}
await store.init({ windowMs: 60_000 });
console.log(`init again, and increment: ${(await store.increment('a')).totalHits}`);
client.destroy();
redis.kill('SIGKILL');
JS

seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = 'init failed
connected: PONG
increment failed at once
increment failed at once
init again, and increment: 1' ]
