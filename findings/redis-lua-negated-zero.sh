#!/usr/bin/env bash
# Redis 7.0.15 (with redis 6.3.1): a Lua script that subtracts a count by negating it fails when the count is 0, after it
# has written all that came before.
#
# Lua's numbers are doubles, so that -n is a negative zero where n is 0. Redis 7.0 formats the number for a command as "-0",
# which HINCRBY does not read as an integer: the script ends with "value is not an integer or out of range". 0 - n gives 0
# and works. A script is not rolled back, so that the fields before the failing command have changed and those after it have
# not. A counter that is usually above 0 hides this for weeks. The same double travels on as text: SET keeps "-0", cjson
# writes -0, and INCRBYFLOAT accepts it.
#
# Needs node, npm and redis-server 7.0. Seen:
#
#   negated 3: -3
#   negated 0: ERR value is not an integer or out of range
#   written before the error: yes
#   0 - n: 0
#   SET keeps "-0", cjson writes [-0], INCRBYFLOAT gives 0
#
# Exits with 1 when the behaviour is another one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts redis@6.3.1 >/dev/null

cat >seen.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createClient } from 'redis';

const free = createServer().listen(0, '127.0.0.1');
await once(free, 'listening');
const { port } = free.address();
free.close();
await once(free, 'close');

const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' });
const client = createClient({ url: `redis://127.0.0.1:${port}` });
client.on('error', () => {});
await client.connect();

// As a script does that removes an entry and gives back what it counted for it.
const RELEASE = `
local held = tonumber(ARGV[1])
redis.call('HSET', KEYS[1], 'released', 'yes')
return redis.call('HINCRBY', KEYS[1], 'held', -held)`;
const run = (text, ...args) => client.eval(text, { keys: ['counts'], arguments: args.map(String) });

console.log(`negated 3: ${await run(RELEASE, 3)}`);
await client.del('counts');
await run(RELEASE, 0).then(
  (held) => console.log(`negated 0: ${held}`),
  ({ message }) => console.log(`negated 0: ${message.split(' script:')[0]}`),
);
console.log(`written before the error: ${(await client.hGet('counts', 'released')) ?? 'no'}`);
console.log(`0 - n: ${await run(RELEASE.replace('-held', '0 - held'), 0)}`);
const [kept, json, sum] = await run(
  `local n = -tonumber(ARGV[1])
redis.call('SET', KEYS[1] .. 'text', n)
return { redis.call('GET', KEYS[1] .. 'text'), cjson.encode({ n }), redis.call('INCRBYFLOAT', KEYS[1] .. 'sum', n) }`,
  0,
);
console.log(`SET keeps "${kept}", cjson writes ${json}, INCRBYFLOAT gives ${sum}`);
client.destroy();
redis.kill();
await once(redis, 'exit');
JS

version=$(redis-server --version | sed 's/.*v=\([0-9.]*\).*/\1/')
echo "redis-server $version"
node seen.mjs | tee seen
diff seen - <<'SEEN' || exit 1
negated 3: -3
negated 0: ERR value is not an integer or out of range
written before the error: yes
0 - n: 0
SET keeps "-0", cjson writes [-0], INCRBYFLOAT gives 0
SEEN
