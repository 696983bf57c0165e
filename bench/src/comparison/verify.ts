import { isDeepStrictEqual } from 'node:util';
import { toolsOf } from '../tools.js';
import type { PreparedRequest } from '../wire/messages.js';
import { RawClient } from '../wire/raw-client.js';
import type { RawResponse } from '../wire/response-reader.js';
import type { Target } from './load.js';

/** Enough for each of the usual tools, and for lists among them. */
const LOOKED_AT = 60;

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
}

interface ListedTool {
  readonly name?: unknown;
  readonly description?: unknown;
  readonly inputSchema?: { readonly properties?: Record<string, object>; readonly required?: readonly string[] };
}

/** Members of a result that belong to the protocol and differ between servers. */
const BESIDE = new Set(['_meta', 'resultType', 'ttlMs', 'cacheScope', 'isError']);

/**
 * Looks closely at answers before they are timed: every server must give the same.
 *
 * @returns the form and the bytes of an answer, for the report.
 * @throws Error that shows the first answer that is another.
 */
export async function verify({ port, heads, requests }: Target, toolCount: number): Promise<string> {
  const client = await RawClient.open(port);
  try {
    let response: RawResponse | undefined;
    for (const request of requests.slice(0, LOOKED_AT)) {
      response = await client.post(heads[0]! + request.headers, request.body);
      const fault = faultOf(response, request, toolCount);
      if (fault !== undefined) throw new Error(`${fault}: ${response.status} ${response.text().slice(0, 500)}`);
    }
    return `${response?.type === 'text/event-stream' ? 'SSE' : 'JSON'}, ${response?.bytes} bytes`;
  } finally {
    client.close();
  }
}

/** Checks that a server validates arguments: one that only lists its schemas does less work. */
export async function verifyRefusal({ port, heads }: Target, era: string): Promise<void> {
  if (era !== 'sessions') return;
  const client = await RawClient.open(port);
  const tool = toolsOf(1)[0]!;
  const params = { name: tool.name, arguments: { number: 7 } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params });
  const text = (await client.post(heads[0]!, body)).text();
  client.close();
  if (!text.includes('"error"') && !text.includes('"isError":true')) {
    throw new Error(`takes arguments of a wrong type: ${text.slice(0, 300)}`);
  }
}

function faultOf(response: RawResponse, request: PreparedRequest, toolCount: number): string | undefined {
  if (response.status !== 200) return 'not answered';
  const answer = answerIn(response, request.id);
  if (answer?.result === undefined) return 'no result';
  if (answer.result['isError'] === true) return 'an error';
  return request.method === 'tools/list' ? faultOfList(answer.result, toolCount) : faultOfCall(answer.result, request);
}

function faultOfCall(result: Record<string, unknown>, request: PreparedRequest): string | undefined {
  const said = Object.fromEntries(Object.entries(result).filter(([name]) => !BESIDE.has(name)));
  const expected = { content: [{ type: 'text', text: JSON.parse(request.expected) as string }] };
  return isDeepStrictEqual(said, expected) ? undefined : 'another result';
}

function faultOfList(result: Record<string, unknown>, toolCount: number): string | undefined {
  const listed = (result['tools'] as ListedTool[] | undefined) ?? [];
  const tools = toolsOf(toolCount);
  if (listed.length !== tools.length) return `lists ${listed.length} tools`;
  const wrong = tools.find(({ name, description, input }, index) => {
    const { name: shown, description: told, inputSchema } = listed[index] ?? {};
    const members = Object.keys(input.shape);
    const schemas = Object.values(inputSchema?.properties ?? {});
    const hasAll = isDeepStrictEqual(Object.keys(inputSchema?.properties ?? {}), members);
    return shown !== name || told !== description || !hasAll || schemas.some((schema) => !('type' in schema));
  });
  return wrong === undefined ? undefined : `lists "${wrong.name}" as something else`;
}

/** The message with this id in a body of either form. */
function answerIn(response: RawResponse, id: number): Answer | undefined {
  const text = response.text();
  const messages = response.type === 'application/json' ? [text] : dataOf(text);
  return messages.map((message) => JSON.parse(message) as Answer).find((message) => message.id === id);
}

function dataOf(stream: string): string[] {
  const lines = stream.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => line.slice('data: '.length)).filter((data) => data.trim() !== '');
}
