import { readFile, writeFile } from 'node:fs/promises';
import { type ApiKey, apiKeys, bearerAuth, hashApiKey } from 'mcp-express/auth';

const { KEYS_FILE = 'keys.json' } = process.env;

/** Authentication by the API keys whose hashes are in `KEYS_FILE`. */
export async function readKeys() {
  return authOf(await readHashes());
}

/** Authentication by these API keys. */
export function authOf(keys: readonly ApiKey[]) {
  return bearerAuth({ verify: apiKeys({ keys }) });
}

/** Adds the hash of a key for a subject to `KEYS_FILE`. */
export async function addKey(subject: string, key: string): Promise<void> {
  const keys = [...(await readHashes()), { subject, hash: hashApiKey(key) }];
  await writeFile(KEYS_FILE, `${JSON.stringify(keys, undefined, 2)}\n`, { mode: 0o600 });
}

async function readHashes(): Promise<ApiKey[]> {
  const text = await readFile(KEYS_FILE, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '[]';
    throw cause;
  });
  return JSON.parse(text) as ApiKey[];
}
