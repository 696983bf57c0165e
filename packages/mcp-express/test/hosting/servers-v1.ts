import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { aborted, nextNumber } from './observed.js';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

/** A server of SDK 1.x in the manner of the examples of the SDK, and of `server-everything`. */
export function serverV1(): McpServer {
  const server = new McpServer(
    { name: 'hosted-v1', version: '1.2.3', title: 'Hosted' },
    { capabilities: { logging: {}, tools: { listChanged: true } }, instructions: 'Use the tools.' },
  );
  registerTools(server);
  registerAsking(server);
  server.registerResource('note', 'memo://note', { mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, text: 'a note' }],
  }));
  const template = new ResourceTemplate('memo://{name}/page', {
    list: undefined,
    complete: { name: () => ['al', 'bo'] },
  });
  server.registerResource('page', template, {}, (uri, { name }) => ({
    contents: [{ uri: uri.href, text: `of ${name}` }],
  }));
  server.registerPrompt('greet', { argsSchema: { who: z.string() } }, ({ who }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Hello ${who}` } }],
  }));
  server.server.oninitialized = () => {
    // In the manner of server-everything: a tool for capable clients only.
    if (server.server.getClientCapabilities()?.sampling === undefined) return;
    server.registerTool('for-capable-clients', {}, () => text('yes'));
  };
  return server;
}

function registerTools(server: McpServer): void {
  server.registerTool('echo', { inputSchema: { value: z.string() } }, ({ value }) => text(value));
  server.registerTool(
    'sum',
    { inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } },
    ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
  );
  server.registerTool('fail', {}, () => {
    throw new Error('it failed');
  });
  server.registerTool('facts', {}, ({ authInfo, requestInfo, sessionId }) =>
    text(
      JSON.stringify({
        subject: authInfo?.extra?.['sub'],
        scopes: authInfo?.scopes,
        header: requestInfo?.headers['x-facts'],
        session: sessionId,
        client: server.server.getClientVersion()?.name,
      }),
    ),
  );
  server.registerTool('wait', {}, async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    aborted.push('v1');
    return text('late');
  });
  server.registerTool('report', {}, async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken ?? '';
    await sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1, total: 2 } });
    await server.sendLoggingMessage({ level: 'info', data: 'during the call' });
    return text('reported');
  });
  server.registerTool('later', {}, () => {
    setTimeout(() => {
      void server.sendLoggingMessage({ level: 'warning', data: 'after the call' });
      void server.server.sendResourceUpdated({ uri: 'memo://note' });
    }, 20);
    return text('soon');
  });
  server.registerTool('grow', {}, () => {
    server.registerTool(`grown-${nextNumber()}`, {}, () => text('grown'));
    return text('grew');
  });
}

function registerAsking(server: McpServer): void {
  server.registerTool('ask', {}, async () => {
    const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
    const { action, content } = await server.server.elicitInput({ message: 'Name?', requestedSchema });
    return text(`${action} ${content?.['name']}`);
  });
  server.registerTool('sample', {}, async () => {
    const message = { role: 'user' as const, content: { type: 'text' as const, text: 'Hi' } };
    const { content } = await server.server.createMessage({ messages: [message], maxTokens: 5 });
    return text(JSON.stringify(content));
  });
  server.registerTool('roots', {}, async () => text(JSON.stringify((await server.server.listRoots()).roots)));
}
