export type { RedisClient } from './client.js';
export { type RedisStore, type RedisStoreOptions, redisStore } from './redis-store.js';
export type { RedisStreamLimits } from './redis-streams.js';
