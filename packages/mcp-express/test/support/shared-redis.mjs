import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Starts one Redis for all tests that run on two nodes. Each test uses a key prefix of its own. */
export default async function startSharedRedis() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const redis = spawn('redis-server', own, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve, reject) => {
    redis.once('error', (cause) => reject(new Error('the tests on two nodes need redis-server', { cause })));
    redis.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    redis.stdout.on('data', (text) => String(text).includes('Ready to accept connections') && resolve());
  });
  redis.removeAllListeners('exit');
  redis.unref();
  redis.stdout.destroy();
  globalThis.sharedRedis = redis;
  process.env.SHARED_REDIS_URL = `redis://127.0.0.1:${port}`;
}
