import { createServer } from 'node:http';
import { McpServer, mcpRouter, openStore } from 'mcp-express';

/** An app that needs what is loaded late, and prints what its tools answer. */

const DIALECTS = {
  'no-dialect': {},
  'draft-04': { $schema: 'http://json-schema.org/draft-04/schema#' },
  'draft-06': { $schema: 'http://json-schema.org/draft-06/schema#' },
  'draft-07': { $schema: 'http://json-schema.org/draft-07/schema#' },
  '2019-09': { $schema: 'https://json-schema.org/draft/2019-09/schema' },
};

/** @param schemas further tools that take a `day`, by their input schemas. */
export async function main(schemas = {}) {
  const mcp = new McpServer({ name: 'bundled', version: '1' });
  const schema = { type: 'object', properties: { day: { type: 'string', format: 'date' } }, required: ['day'] };
  const tools = Object.entries(DIALECTS).map(([name, dialect]) => [name, { ...dialect, ...schema }]);
  const inputs = { ...Object.fromEntries(tools), ...schemas };
  for (const [name, inputSchema] of Object.entries(inputs)) {
    mcp.registerTool(name, { inputSchema }, ({ day }) => `the day ${day}`);
  }
  const manual = '---\nname: greeting\ndescription: Says hello.\n---\nSay hello.\n';
  mcp.registerSkill({ path: 'greeting', files: { 'SKILL.md': manual } });
  const router = mcpRouter(mcp);
  const server = createServer((request, response) => router(request, response, () => response.end()));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (const name of Object.keys(inputs)) {
    for (const day of ['2026-11-30', 'the day after tomorrow']) {
      console.log(`${name}: ${await answer(server, 'tools/call', { name, arguments: { day } })}`);
    }
  }
  for (const store of ['redis://localhost', 'lmdb:./files']) {
    await openStore(store).catch(({ message }) => console.log(message));
  }
  await router.close({ graceMs: 0 });
  server.close();
  server.closeAllConnections();
}

async function answer(server, method, params) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    'mcp-name': params.name,
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } });
  const response = await fetch(`http://127.0.0.1:${server.address().port}/mcp`, { method: 'POST', headers, body });
  const { result, error } = await response.json();
  return result?.content[0].text ?? error.message;
}
