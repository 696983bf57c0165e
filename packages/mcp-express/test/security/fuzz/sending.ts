import { Buffer } from 'node:buffer';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { within } from '../../support/wait.js';
import type { FuzzRequest } from './requests.js';
import type { Target } from './target.js';

/** Far beyond what any answer takes: it only says when to call a request unanswered. */
const DEADLINE_MS = 8_000;

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: readonly string[];
  readonly text: string;
}

/** Streams that have no end of their own are left once they have begun. */
function isLasting(response: IncomingMessage, { method, body = '' }: FuzzRequest): boolean {
  const streams = String(response.headers['content-type']).startsWith('text/event-stream');
  return streams && (method === 'GET' || body.includes('subscriptions/listen'));
}

/** The lines of headers as they are sent: what the test does not say is usual, and what it says twice is there twice. */
function linesOf(target: Target, given: FuzzRequest): string[] {
  const { token, session, headers, body, chunked } = given;
  const named = new Set(headers.map(([name]) => name));
  const usual: [string, string][] = [
    ['host', 'localhost'],
    ['connection', 'close'],
  ];
  if (!named.has('accept')) usual.push(['accept', 'application/json, text/event-stream']);
  if (!named.has('content-type')) usual.push(['content-type', 'application/json']);
  if (token !== undefined) usual.push(['authorization', `Bearer ${token}`]);
  if (session !== undefined) usual.push(['mcp-session-id', target.sessions[session as 'alice'] ?? session]);
  if (body !== undefined) {
    usual.push(chunked ? ['transfer-encoding', 'chunked'] : ['content-length', String(Buffer.byteLength(body))]);
  }
  return [...usual, ...headers].flat();
}

/** Sends a request, and gives what was answered. Rejects when nothing was. */
export async function deliver(target: Target, given: FuzzRequest): Promise<Answer> {
  const outgoing = httpRequest(target.url, { method: given.method, agent: false, headers: linesOf(target, given) });
  outgoing.end(given.body);
  try {
    return await within(`an answer to ${given.method}`, answerTo(outgoing, given), DEADLINE_MS);
  } finally {
    outgoing.destroy();
  }
}

function answerTo(outgoing: ClientRequest, given: FuzzRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answered = false;
    outgoing.on('error', (error) => answered || reject(error));
    outgoing.once('close', () => answered || reject(new Error('the connection closed without an answer')));
    outgoing.once('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      const done = (): void => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status = 0, headers, rawHeaders } = response;
        resolve({ status, type: String(headers['content-type'] ?? ''), headers: rawHeaders, text });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (isLasting(response, given)) done();
      });
      response
        .once('end', done)
        .once('error', reject)
        .once('close', () => reject(new Error('the answer was cut')));
    });
  });
}
