/** Asking the user before a write, through a real server and official clients of both eras. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { type RunningServer, startServer } from '../app.js';
import { readConfig } from '../config.js';
import { createLogger } from '../logger.js';

interface AnyClient {
  connect(transport: unknown): Promise<void>;
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  setRequestHandler(...args: unknown[]): void;
  close(): Promise<void>;
}
type Answer = { action: 'accept' | 'decline'; content?: Record<string, unknown> };
type Opened = (url: URL, answer: (message: string) => Answer, asks: boolean) => Promise<AnyClient>;

const INFO = { name: 'test', version: '1' };
const able = (asks: boolean) => ({ capabilities: asks ? { elicitation: {} } : {} });
const messageOf = (request: unknown) => (request as { params: { message: string } }).params.message;

const CLIENTS: Record<string, Opened> = {
  'a session': async (url, answer, asks) => {
    const client = new ClientV1(INFO, able(asks)) as unknown as AnyClient;
    if (asks) client.setRequestHandler(ElicitRequestSchema, async (request: unknown) => answer(messageOf(request)));
    await client.connect(new TransportV1(url));
    return client;
  },
  'requests that stand alone': async (url, answer, asks) => {
    const options = { ...able(asks), versionNegotiation: { mode: 'auto' as const } };
    const client = new ClientV2(INFO, options) as unknown as AnyClient;
    if (asks) client.setRequestHandler('elicitation/create', async (request: unknown) => answer(messageOf(request)));
    await client.connect(new TransportV2(url));
    return client;
  },
};

let running: RunningServer;
beforeAll(async () => {
  const logger = createLogger({ level: 'silent', write: () => {} });
  running = await startServer(readConfig({ PORT: '0', FLOAT_TIME_ZONE: 'UTC' }), logger);
});
afterAll(() => running.close());

const BOOKING = {
  name: 'book-person',
  arguments: { person: 'Ava Lindqvist', project: 'Helios Customer Portal', range: 'next week', percent: 10 },
};

describe.each(Object.entries(CLIENTS))('%s', (_name, open) => {
  const url = () => new URL(`${running.url}/mcp`);
  const booked = async (client: AnyClient, more: Record<string, unknown> = {}) => {
    const result = await client.callTool({ ...BOOKING, arguments: { ...BOOKING.arguments, ...more } });
    return (result as { structuredContent: { preview: boolean } }).structuredContent.preview === false;
  };

  test.each([
    [{ action: 'accept', content: { go_ahead: true } }, true],
    [{ action: 'accept', content: { go_ahead: false } }, false],
    [{ action: 'decline' }, false],
  ] as const)('%j', async (answer, done) => {
    const asked: string[] = [];
    const says = (message: string) => {
      asked.push(message);
      return answer;
    };
    const client = await open(url(), says, true);
    expect(await booked(client)).toBe(done);
    expect(asked).toEqual([expect.stringContaining('Ava Lindqvist on Helios Customer Portal')]);
    // A model's claim is no consent.
    expect(await booked(client, { confirm: true })).toBe(done);
    await client.close();
  });

  test('without elicitation a preview is returned, and confirm: true counts as consent', async () => {
    const client = await open(url(), () => ({ action: 'decline' }), false);
    expect([await booked(client), await booked(client, { confirm: true })]).toEqual([false, true]);
    await client.close();
  });
});
