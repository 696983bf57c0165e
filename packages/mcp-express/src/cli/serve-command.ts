import { readFile } from 'node:fs/promises';
import type { ApiKey } from '../auth/api-keys.js';
import { apiKeys, bearerAuth, type ExpressAuthentication, jwt } from '../auth/index.js';
import type { HostedServer } from '../hosting/hosted-server.js';
import { openStore } from '../open-store.js';
import type { RouterOptions } from '../options.js';
import { mcpRouter } from '../router.js';
import { type Served, serve } from '../serve/serve.js';
import { hostStdio } from '../stdio/host-stdio.js';
import type { Store } from '../store/store.js';
import { type CliCommand, type CommandInput, UsageError } from './command.js';

const USAGE = `Usage: mcp-express serve [OPTIONS] -- COMMAND [ARGUMENTS]

Serves an MCP server that speaks stdio over Streamable HTTP, at /mcp.

  --port NUMBER          port, 0 for any free one (default 3000)
  --host ADDRESS         address to listen on (default 127.0.0.1)
  --path PATH            path of the endpoint (default /mcp)
  --allowed-host NAME    further host name by which clients call; repeatable
  --children HOW         one process for each "session" (default), for clients that are alike ("shared"), or "one" for all
  --max-children NUMBER  most processes (default 100)
  --max-memory MIB       ends a process that occupies more memory (Linux; default none)
  --idle-seconds NUMBER  ends a process without requests (default 300)
  --call-timeout SECONDS longest duration of a tool call (default none)
  --env NAME[=VALUE]     gives the command this variable, or passes it on; repeatable. Others are kept from it
  --store STORE          "memory" (default), lmdb:PATH or redis://HOST
  --api-keys FILE        callers need one of these keys: JSON, an array of { "hash", "subject", "scopes" }
  --issuer URL           callers need a JWT of this OAuth issuer, for the audience --public-url
  --public-url URL       the URL of the endpoint as clients know it
  --anonymous            serves everyone on an address other than loopback

Example: mcp-express serve -- npx -y @modelcontextprotocol/server-filesystem .
`;

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;

/** `mcp-express serve -- COMMAND`: a server on stdio behind HTTP. */
export const serveCommand: CliCommand = {
  summary: 'serve an MCP server that speaks stdio over HTTP',
  usage: USAGE,
  options: {
    port: text,
    host: text,
    path: text,
    'allowed-host': texts,
    children: text,
    'max-children': text,
    'max-memory': text,
    'idle-seconds': text,
    'call-timeout': text,
    env: texts,
    store: text,
    'api-keys': text,
    issuer: text,
    'public-url': text,
    anonymous: { type: 'boolean' },
  },
  run: serveStdioCommand,
};

/** A running `mcp-express serve`. */
interface Running {
  readonly served: Served;
  readonly hosted: HostedServer;
  readonly store: Store;
}

async function serveStdioCommand(input: CommandInput): Promise<void> {
  const hosted = hostedBy(input);
  const store = await openStore(textOf(input, 'store') ?? 'memory');
  const { default: express } = await import('express');
  const app = express();
  app.disable('x-powered-by');
  app.use(mcpRouter(hosted, { store, ...(await routingOf(input)) }));
  const served = await serve(app, { port: numberOf(input, 'port') ?? 3000, host: hostOf(input) });
  stopOnSignals({ served, hosted, store });
  process.stderr.write(`${input.positionals[0]} is served at ${served.url}${textOf(input, 'path') ?? '/mcp'}\n`);
}

function hostedBy(input: CommandInput): HostedServer {
  const [command, ...args] = input.positionals;
  if (command === undefined) throw new UsageError('serve needs a command after "--"');
  const { env, passEnv } = environmentOf(input);
  const mib = numberOf(input, 'max-memory');
  const idleS = numberOf(input, 'idle-seconds');
  const maxChildren = numberOf(input, 'max-children');
  const children = textOf(input, 'children');
  return hostStdio({
    command,
    args,
    env,
    passEnv,
    ...(children === undefined ? {} : { children: children as 'session' }),
    ...(maxChildren === undefined ? {} : { maxChildren }),
    ...(mib === undefined ? {} : { maxMemoryBytes: mib * 1024 * 1024 }),
    ...(idleS === undefined ? {} : { idleMs: idleS * 1_000 }),
  });
}

async function routingOf(input: CommandInput): Promise<RouterOptions> {
  const auth = await authOf(input);
  const host = hostOf(input);
  if (auth === undefined && !isLoopback(host) && input.values['anonymous'] !== true) {
    throw new UsageError(
      `Everyone who reaches ${host} could use the server: give --api-keys or --issuer, or --anonymous if that is meant`,
    );
  }
  const names = [input.values['allowed-host'] ?? []].flat().map(String);
  const publicUrl = textOf(input, 'public-url');
  const allowedHosts = publicUrl === undefined ? names : [...names, new URL(publicUrl).hostname];
  const seconds = numberOf(input, 'call-timeout');
  return {
    path: textOf(input, 'path') ?? '/mcp',
    ...(auth === undefined ? {} : { auth }),
    ...(allowedHosts.length === 0 ? {} : { allowedHosts: ['localhost', '127.0.0.1', '[::1]', ...allowedHosts] }),
    ...(seconds === undefined ? {} : { callTimeoutMs: seconds * 1_000 }),
  };
}

async function authOf(input: CommandInput): Promise<ExpressAuthentication | undefined> {
  const [file, issuer, resource] = [textOf(input, 'api-keys'), textOf(input, 'issuer'), textOf(input, 'public-url')];
  if (file !== undefined && issuer !== undefined) throw new UsageError('Give --api-keys or --issuer, not both');
  if (file !== undefined) {
    const keys = JSON.parse(await readFile(file, 'utf8')) as ApiKey[];
    return bearerAuth({ verify: apiKeys({ keys }) });
  }
  if (issuer === undefined) return undefined;
  if (resource === undefined) throw new UsageError('--issuer needs --public-url, the audience of its tokens');
  return bearerAuth({ verify: jwt({ issuer }), resource, authorizationServers: [issuer] });
}

function environmentOf({ values }: CommandInput): { env: Record<string, string>; passEnv: string[] } {
  const given = [values['env'] ?? []].flat().map(String);
  const [set, passEnv] = [given.filter((each) => each.includes('=')), given.filter((each) => !each.includes('='))];
  const env = set.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)] as const);
  return { env: Object.fromEntries(env), passEnv };
}

function stopOnSignals({ served, hosted, store }: Running): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    void served
      .close()
      .then(() => Promise.all([hosted.close(), store.close()]))
      .finally(() => process.exit());
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

function hostOf(input: CommandInput): string {
  return textOf(input, 'host') ?? '127.0.0.1';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function textOf({ values }: CommandInput, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function numberOf(input: CommandInput, name: string): number | undefined {
  const value = textOf(input, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number))
    throw new UsageError(`--${name} must be a number; it is "${value}"`);
  return number;
}
