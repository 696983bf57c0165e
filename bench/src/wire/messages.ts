import type { BenchTool } from '../tools.js';

export const SESSION_REVISION = '2025-11-25';
export const MODERN_REVISION = '2026-07-28';

/** How a client speaks: in a session, or in requests that stand alone. */
export type Era = 'sessions' | 'modern';

export interface PreparedRequest {
  readonly id: number;
  readonly method: 'tools/call' | 'tools/list';
  /** Header lines that this request has beside those of its connection. */
  readonly headers: string;
  readonly body: string;
  /** What a good answer has in it, as it stands in JSON: the text of a call's result, or the last tool of a list. */
  readonly expected: string;
}

/** Ids of one length, so that all requests of a kind are of nearly one length. */
const FIRST_ID = 1_000_000;

const CLIENT = { name: 'bench', version: '1.0.0' };

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': MODERN_REVISION,
  'io.modelcontextprotocol/clientInfo': CLIENT,
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A call of one of the tools, with arguments and an answer that no other number has. */
export function callRequest(number: number, tool: BenchTool, era: Era): PreparedRequest {
  const id = FIRST_ID + number;
  const args = tool.argumentsOf(id);
  const params = { name: tool.name, arguments: args };
  const expected = JSON.stringify(tool.run(args));
  return { ...prepared(id, 'tools/call', params, era), expected };
}

export function listRequest(number: number, tools: readonly BenchTool[], era: Era): PreparedRequest {
  const expected = JSON.stringify(tools.at(-1)!.name);
  return { ...prepared(FIRST_ID + number, 'tools/list', {}, era), expected };
}

/** A call that says how far it is: the progress token is the id. */
export function emitBody(id: number, count: number): string {
  const params = { name: 'emit', arguments: { count }, _meta: { progressToken: id } };
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
}

export function initializeBody(revision: string): string {
  const params = { protocolVersion: revision, capabilities: {}, clientInfo: CLIENT };
  return JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
}

export const INITIALIZED_BODY = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });

function prepared(id: number, method: PreparedRequest['method'], params: object, era: Era) {
  if (era === 'sessions')
    return { id, method, headers: '', body: JSON.stringify({ jsonrpc: '2.0', id, method, params }) };
  const name = 'name' in params ? `Mcp-Name: ${String(params.name)}\r\n` : '';
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: MODERN_META } });
  return { id, method, headers: `Mcp-Method: ${method}\r\n${name}`, body };
}
