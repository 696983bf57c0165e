/** Stops the Redis of `shared-redis.mjs`. */
export default function stopSharedRedis() {
  globalThis.sharedRedis?.kill('SIGKILL');
}
