import type { IncomingMessage, ServerResponse } from 'node:http';
import { TOOLS } from '../tools.js';

const BY_NAME = new Map(TOOLS.map((tool) => [tool.name, tool]));

interface CallMessage {
  readonly id: number;
  readonly params: { readonly name: string; readonly arguments: Record<string, unknown> };
}

/** The least that answers a call: reads the body, parses it, runs the tool, answers what an MCP server would. */
export function answerBare(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = answerTo(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  });
}

function answerTo(text: string): string {
  const { id, params } = JSON.parse(text) as CallMessage;
  const tool = BY_NAME.get(params.name);
  if (tool === undefined) throw new Error(`no tool ${params.name}`);
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    result: { content: [{ type: 'text', text: tool.run(params.arguments) }] },
  });
}
