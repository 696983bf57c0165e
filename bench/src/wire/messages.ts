import type { BenchTool } from '../tools.js';

/** The revision of requests in sessions. */
export const SESSION_REVISION = '2025-11-25';

/** The revision of stateless requests. */
export const MODERN_REVISION = '2026-07-28';

/** Whether a client uses a session, or sends stateless requests (2026-07-28). */
export type Era = 'sessions' | 'modern';

/** A request made before the load starts, and its expected answer. */
export interface PreparedRequest {
  readonly id: number;
  readonly method: 'tools/call' | 'tools/list';
  /** Header lines of this request in addition to those of its connection. */
  readonly headers: string;
  readonly body: string;
  /** A part of the right answer, as JSON text: the text of the result of a call, or the last tool of a list. */
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

/** A call of one of the tools, with arguments and an answer that are different for each number. */
export function callRequest(number: number, tool: BenchTool, era: Era): PreparedRequest {
  const id = FIRST_ID + number;
  const args = tool.argumentsOf(id);
  const params = { name: tool.name, arguments: args };
  const expected = JSON.stringify(tool.run(args));
  return { ...prepared(id, 'tools/call', params, era), expected };
}

/** A `tools/list` of all these tools on one page. */
export function listRequest(number: number, tools: readonly BenchTool[], era: Era): PreparedRequest {
  const expected = JSON.stringify(tools.at(-1)!.name);
  return { ...prepared(FIRST_ID + number, 'tools/list', {}, era), expected };
}

/** A call of `emit`. Its progress token is its id. */
export function emitBody(id: number, count: number): string {
  const params = { name: 'emit', arguments: { count }, _meta: { progressToken: id } };
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
}

/** The `initialize` request. */
export function initializeBody(revision: string): string {
  const params = { protocolVersion: revision, capabilities: {}, clientInfo: CLIENT };
  return JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
}

/** The `notifications/initialized` message. */
export const INITIALIZED_BODY = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });

function prepared(id: number, method: PreparedRequest['method'], params: object, era: Era) {
  if (era === 'sessions')
    return { id, method, headers: '', body: JSON.stringify({ jsonrpc: '2.0', id, method, params }) };
  const name = 'name' in params ? `Mcp-Name: ${String(params.name)}\r\n` : '';
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: MODERN_META } });
  return { id, method, headers: `Mcp-Method: ${method}\r\n${name}`, body };
}
