import type { IncomingMessage, ServerResponse } from 'node:http';
import { EMIT } from '../progress.js';
import { SERVED_TOOLS } from '../settings.js';
import { type CallMessage, writeProgress } from './streams.js';

const BY_NAME = new Map(SERVED_TOOLS.map((tool) => [tool.name, tool]));

/** The least that answers a call: reads the body, parses it, runs the tool, answers what an MCP server would. */
export function answerBare(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const call = JSON.parse(Buffer.concat(chunks).toString('utf8')) as CallMessage;
    if (call.params.name === EMIT.name) return writeProgress(call, response);
    const body = answerTo(call);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  });
}

function answerTo({ id, params }: CallMessage): string {
  const tool = BY_NAME.get(params.name);
  if (tool === undefined) throw new Error(`no tool ${params.name}`);
  return resultText(id, tool.run(params.arguments));
}

/** The JSON-RPC response of a call with a text result. */
export function resultText(id: number, text: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } });
}
