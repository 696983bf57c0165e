import {
  type ElicitParams,
  type HandlerContext,
  McpServer,
  type McpServerOptions,
  ResourceTemplate,
  type SampleParams,
} from 'mcp-express';

export const INFO = { name: 'spec-server', version: '1.0.0' };

/** The smallest that begin as such files begin. */
export const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
export const WAV = Buffer.from('RIFF\x24\x00\x00\x00WAVEfmt ', 'latin1');

const IMAGE = { type: 'image', data: PNG.toString('base64'), mimeType: 'image/png' } as const;
const AUDIO = { type: 'audio', data: WAV.toString('base64'), mimeType: 'audio/wav' } as const;
const EMBEDDED = {
  type: 'resource',
  resource: { uri: 'spec://text', mimeType: 'text/plain', text: 'embedded' },
} as const;

const ANY_OBJECT = { type: 'object' } as const;
const TEXT_ARGUMENT = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } as const;

/** Something of everything a server may have. Each test makes its own, and adds to it. */
export function specServer(options: McpServerOptions = {}): McpServer {
  const mcp = new McpServer(INFO, options);
  registerTools(mcp);
  registerAskingTools(mcp);
  registerResources(mcp);
  registerPrompts(mcp);
  return mcp;
}

function registerTools(mcp: McpServer): void {
  mcp.registerTool('echo', { inputSchema: TEXT_ARGUMENT }, ({ text }) => String(text));
  mcp.registerTool('fail', {}, () => {
    throw new Error('It failed.');
  });
  mcp.registerTool('contents', {}, () => ({ content: [{ type: 'text', text: 'text' }, IMAGE, AUDIO, EMBEDDED] }));
  mcp.registerTool('who', {}, (ctx) => JSON.stringify({ principal: ctx.principal ?? null, revision: ctx.revision }));
  mcp.registerTool('progress', { inputSchema: ANY_OBJECT }, ({ values }, ctx) => {
    for (const value of values as number[]) void ctx.progress(value, 100, `at ${value}`);
    return 'done';
  });
  mcp.registerTool('log', { inputSchema: ANY_OBJECT }, ({ levels, data }, ctx) => {
    for (const level of levels as 'info'[]) void ctx.log(level, data ?? level, 'spec');
    return 'done';
  });
}

/** Tools that ask the client what their arguments say, and answer with what they were told. */
function registerAskingTools(mcp: McpServer): void {
  const asking = (name: string, ask: (what: unknown, ctx: HandlerContext, options: object) => Promise<unknown>) =>
    mcp.registerTool(name, { inputSchema: ANY_OBJECT }, async ({ what, options }, ctx) =>
      JSON.stringify(await ask(what, ctx, (options ?? {}) as object)),
    );
  asking('elicit', (what, ctx, options) => ctx.elicit(what as ElicitParams, options));
  asking('sample', (what, ctx, options) => ctx.sample(what as SampleParams, options));
  asking('roots', (_what, ctx, options) => ctx.roots(options));
}

function registerResources(mcp: McpServer): void {
  mcp.registerResource('text', 'spec://text', { mimeType: 'text/plain' }, () => 'Grüße, 世界');
  mcp.registerResource('bytes', 'spec://bytes', { mimeType: 'image/png' }, () => PNG);
  mcp.registerResource('broken', 'spec://broken', {}, () => {
    throw new Error('The password of the database is hunter2.');
  });
  const complete = { id: (value: string) => ['10', '11', '2'].filter((id) => id.startsWith(value)) };
  const notes = new ResourceTemplate('spec://notes/{id}', { complete });
  mcp.registerResource('notes', notes, { mimeType: 'text/plain' }, (_uri, { id }) => `Note ${String(id)}`);
}

export const TONES = ['warm', 'warmer', 'warmest', 'cold'];

function registerPrompts(mcp: McpServer): void {
  const argsSchema = {
    type: 'object',
    properties: { name: { type: 'string', minLength: 1 }, tone: { type: 'string' } },
    required: ['name'],
  } as const;
  const complete = { tone: (value: string) => TONES.filter((tone) => tone.startsWith(value)) };
  mcp.registerPrompt('greet', { argsSchema, complete }, ({ name }) => `Greet ${String(name)}.`);
  mcp.registerPrompt('media', {}, () => ({
    messages: [IMAGE, AUDIO, EMBEDDED].map((content) => ({ role: 'user', content })),
  }));
  mcp.registerPrompt('broken', {}, () => {
    throw new Error('The password of the database is hunter2.');
  });
}
