import { createClient } from 'redis';

/** What is under one key, with times as hundreds of seconds from a moment on, so that they are the same each time. */
export interface RecordedKey {
  readonly key: string;
  readonly type: string;
  readonly expires: boolean;
  /** Pairs of a hash or of a sorted set, whose order says nothing, members of a set, a text, or the entries of a stream, whose fields are in order. */
  readonly value: unknown;
}

const UNIT_MS = 100_000;
const TIME = /\b1[6-9]\d{11}\b/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const NO_UUID = '00000000-0000-4000-8000-000000000000';

const clientOf = (url: string) => createClient({ url });

type Client = ReturnType<typeof clientOf>;

export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = clientOf(url);
  await client.connect();
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

/** All that is under the prefix. */
export function recordKeys(url: string, prefix: string, now: number): Promise<RecordedKey[]> {
  return withClient(url, async (client) => {
    const keys = (await client.keys(`${prefix}*`)).sort();
    return Promise.all(
      keys.map(async (key) => {
        const type = await client.type(key);
        const value = JSON.parse(portable(JSON.stringify(sorted(await valueUnder(client, key, type))), now)) as unknown;
        return { key: key.slice(prefix.length), type, expires: (await client.pTTL(key)) > 0, value };
      }),
    );
  });
}

/** Puts what was recorded under a prefix, as if it had been written now. */
export function restoreKeys(url: string, prefix: string, keys: readonly RecordedKey[], now: number): Promise<void> {
  return withClient(url, async (client) => {
    for (const { key, type, expires, value } of keys) {
      const given = JSON.parse(
        JSON.stringify(value).replaceAll(/<(-?\d+)>/g, (_all, n) => `${now + Number(n) * UNIT_MS}`),
      ) as unknown;
      await put(client, prefix + key, type, given);
      if (expires) await client.pExpireAt(prefix + key, now + 36 * UNIT_MS);
    }
  });
}

async function valueUnder(client: Client, key: string, type: string): Promise<unknown> {
  if (type === 'string') return client.get(key);
  if (type === 'set') return (await client.sMembers(key)).sort();
  if (type === 'hash') return Object.entries(await client.hGetAll(key)).sort();
  if (type === 'zset')
    return (await client.zRangeWithScores(key, 0, -1)).map(({ score, value }) => [`${score}`, value]);
  return ((await client.xRange(key, '-', '+')) ?? []).map(({ id, message }) => [id, Object.entries(message)]);
}

type Pairs = [string, string][];

async function put(client: Client, key: string, type: string, value: unknown): Promise<unknown> {
  if (type === 'string') return client.set(key, value as string);
  if (type === 'set') return client.sAdd(key, value as string[]);
  if (type === 'hash') return client.hSet(key, Object.fromEntries(value as Pairs));
  if (type === 'zset') {
    return client.zAdd(
      key,
      (value as Pairs).map(([score, member]) => ({ score: Number(score), value: member })),
    );
  }
  for (const [id, fields] of value as [string, Pairs][]) await client.xAdd(key, id, Object.fromEntries(fields));
  return undefined;
}

/** JSON within texts has its members in no order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  return JSON.stringify(inOrder(JSON.parse(value)));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, each]) => [name, inOrder(each)]),
  );
}

function portable(text: string, now: number): string {
  return text.replaceAll(TIME, (time) => `<${Math.round((Number(time) - now) / UNIT_MS)}>`).replaceAll(UUID, NO_UUID);
}
