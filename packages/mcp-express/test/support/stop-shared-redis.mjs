export default function stopSharedRedis() {
  globalThis.sharedRedis?.kill('SIGKILL');
}
