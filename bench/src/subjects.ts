/** The forms an answer to a call comes in. */
export type Form = 'json' | 'sse';

/** One row of the table: a server, in a process of its own. */
export interface Subject {
  /** What `--only` calls it, and its file in `servers/`. */
  readonly name: string;
  readonly title: string;
  readonly form: Form;
  /** Whether each connection opens an MCP session first. */
  readonly sessions: boolean;
  /** `bare`: no MCP, only the same bytes; `official`: the official SDK. */
  readonly kind: 'bare' | 'ours' | 'official';
}

/** The rows that all others are compared with. */
export const BARE_HTTP = 'node-http';
export const BARE_EXPRESS = 'express';

export const SUBJECTS: readonly Subject[] = [
  { name: BARE_HTTP, title: 'bare `node:http`', kind: 'bare', form: 'json', sessions: false },
  { name: BARE_EXPRESS, title: 'bare Express handler, `app.listen`', kind: 'bare', form: 'json', sessions: false },
  { name: 'express-serve', title: 'bare Express handler, our `serve`', kind: 'bare', form: 'json', sessions: false },
  { name: 'router-listen', title: '**mcp-express**, `app.listen`', kind: 'ours', form: 'json', sessions: true },
  { name: 'router-serve', title: '**mcp-express**, `serve`', kind: 'ours', form: 'json', sessions: true },
  { name: 'sdk-v1', title: 'SDK 1.x, `enableJsonResponse`', kind: 'official', form: 'json', sessions: true },
  { name: 'sdk-v1-sse', title: 'SDK 1.x, default (SSE)', kind: 'official', form: 'sse', sessions: true },
  { name: 'sdk-v2', title: 'SDK 2.x, `enableJsonResponse`', kind: 'official', form: 'json', sessions: true },
  { name: 'sdk-v2-sse', title: 'SDK 2.x, default (SSE)', kind: 'official', form: 'sse', sessions: true },
  {
    name: 'sdk-v2-handler',
    title: 'SDK 2.x, `createMcpHandler`, no sessions (SSE)',
    kind: 'official',
    form: 'sse',
    sessions: false,
  },
];
