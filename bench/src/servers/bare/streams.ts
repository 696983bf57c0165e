import type { IncomingMessage, ServerResponse } from 'node:http';
import { EMIT, progressText } from '../progress.js';
import { resultText } from './answer.js';

/** The members of a `tools/call` that the bare servers read. */
export interface CallMessage {
  readonly id: number;
  readonly params: { readonly name: string; readonly arguments: Record<string, unknown> };
}

const SSE_HEAD = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform' };

const LIST_CHANGED = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });

const open = new Set<ServerResponse>();

/** Ids as long as those of the server that is compared. */
let said = 0;
const idOf = (number: number): string => `AAAAAAAAAAAAAAAAAAAAAA.${number}`;

/** An open SSE response, kept until its client goes. */
export function openStream(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, SSE_HEAD);
  response.write(':\n\n');
  open.add(response);
  request.on('close', () => open.delete(response));
}

/** Writes one frame to all open responses: the loop that a notification to all streams is compared with. */
export function writeToAll(): void {
  said += 1;
  const frame = frameOf(said, LIST_CHANGED);
  for (const response of open) response.write(frame);
}

/** Answers a call with the frames of its progress notifications, one by one, and the result. */
export function writeProgress({ id, params }: CallMessage, response: ServerResponse): void {
  const count = params.arguments['count'] as number;
  response.writeHead(200, SSE_HEAD);
  for (let step = 1; step <= count; step += 1) response.write(frameOf(step, progressText(id, step, count)));
  response.end(frameOf(count + 1, resultText(id, EMIT.answer)));
}

function frameOf(number: number, data: string): string {
  return `id: ${idOf(number)}\nevent: message\ndata: ${data}\n\n`;
}
