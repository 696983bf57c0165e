import { GUARDS } from './servers/ours/guards.js';

/** A server that is measured, in a process of its own. */
export interface Subject {
  /** Its name on the command line. */
  readonly name: string;
  readonly title: string;
  /** `bare`: no MCP, only the same bytes; `official`: the official SDK. */
  readonly kind: 'bare' | 'ours' | 'official' | 'peer';
  /** Its file in `servers/`. */
  readonly file: string;
  /** Whether each connection opens an MCP session first. */
  readonly sessions: boolean;
  /** The newest revision with sessions that it supports. @default '2025-11-25' */
  readonly revision?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const ALL_GUARDS_OFF = { BENCH_GUARDS_OFF: GUARDS.join(',') };

const bare = (name: string, title: string): Subject => ({
  name,
  title,
  kind: 'bare',
  file: `bare/${name}`,
  sessions: false,
});

const ours = (name: string, file: string, title: string, env: Readonly<Record<string, string>> = {}): Subject => ({
  name,
  title: `**mcp-express**, ${title}`,
  kind: 'ours',
  file: `ours/${file}`,
  sessions: true,
  env,
});

const official = (name: string, title: string, sessions = true): Subject => ({
  name,
  title: `official SDK ${title}`,
  kind: 'official',
  file: `official/${name}`,
  sessions,
});

const peer = (name: string, title: string, manner: Pick<Subject, 'sessions' | 'revision'>): Subject => ({
  name,
  title,
  kind: 'peer',
  file: `peers/${name}`,
  ...manner,
});

/** A bare `node:http` server. */
export const NODE_HTTP = bare('node-http', 'bare `node:http`');

/** A bare Express application. */
export const EXPRESS = bare('express', 'bare Express, `app.listen`');

/** A bare Express application by `serve` of mcp-express. */
export const EXPRESS_SERVE = bare('express-serve', 'bare Express, our `serve`');

/** mcp-express by `app.listen`. */
export const LISTEN = ours('router-listen', 'router-listen', '`app.listen`');

/** mcp-express by `app.listen`, without guards. */
export const LISTEN_OPEN = ours('router-listen-open', 'router-listen', '`app.listen`, guards off', ALL_GUARDS_OFF);

/** mcp-express by `serve`. */
export const SERVE = ours('router-serve', 'router-serve', '`serve`');

/** mcp-express by `serve`, without guards. */
export const SERVE_OPEN = ours('router-serve-open', 'router-serve', '`serve`, guards off', ALL_GUARDS_OFF);

/** mcp-express by `serve`, each time without one guard. */
export const SERVE_WITHOUT: readonly Subject[] = GUARDS.map((guard) =>
  ours(`router-serve-no-${guard}`, 'router-serve', `\`serve\`, without ${guard}`, { BENCH_GUARDS_OFF: guard }),
);

/** Official SDK 1.x that answers in JSON. */
export const SDK_V1 = official('sdk-v1', '1.x, `enableJsonResponse`');

/** Official SDK 1.x that answers by streams. */
export const SDK_V1_SSE = official('sdk-v1-sse', '1.x');

/** Official SDK 2.x that answers in JSON. */
export const SDK_V2 = official('sdk-v2', '2.x, `enableJsonResponse`');

/** Official SDK 2.x that answers by streams. */
export const SDK_V2_SSE = official('sdk-v2-sse', '2.x');

/** The stateless handler of the official SDK 2.x. */
export const SDK_V2_HANDLER = official('sdk-v2-handler', '2.x, `createMcpHandler`', false);

/** The package `tmcp`. */
export const TMCP = peer('tmcp', 'tmcp', { sessions: true, revision: '2025-06-18' });

/** The package `fastmcp`. */
export const FASTMCP = peer('fastmcp', 'FastMCP', { sessions: true });

/** The package `mcp-lite`. */
export const MCP_LITE = peer('mcp-lite', 'mcp-lite on Hono', { sessions: false, revision: '2025-06-18' });

/** The package `@hono/mcp`. */
export const HONO_MCP = peer('hono-mcp', '`@hono/mcp` on Hono', { sessions: false });

/** The official SDK with sessions, in both forms of both majors. */
export const OFFICIAL: readonly Subject[] = [SDK_V1, SDK_V1_SSE, SDK_V2, SDK_V2_SSE];

/** All servers. */
export const SUBJECTS: readonly Subject[] = [
  NODE_HTTP,
  EXPRESS,
  EXPRESS_SERVE,
  LISTEN,
  LISTEN_OPEN,
  SERVE,
  SERVE_OPEN,
  ...SERVE_WITHOUT,
  ...OFFICIAL,
  SDK_V2_HANDLER,
  TMCP,
  FASTMCP,
  MCP_LITE,
  HONO_MCP,
];
