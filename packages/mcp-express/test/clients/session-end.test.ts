import { describe, expect, test } from '@jest/globals';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';
import { DRIVERS } from './official-clients.js';

describe.each(DRIVERS)('$name ends its session', ({ connect }) => {
  test('by terminateSession: the record is gone, its streams end, and nothing is asked again (R3, R13)', async () => {
    const server = await startServer();
    const { client, transport, requests } = await connect(server.url);
    await eventually('the GET stream', async () => (await server.router.stats()).streams === 1);
    const id = String(transport.sessionId);
    await transport.terminateSession();
    await client.close();
    await eventually('it is all over', async () => {
      const { sessions, streams } = await server.router.stats();
      return sessions === 0 && streams === 0;
    });
    expect(requests.at(-1)?.method).toBe('DELETE');
    const answer = await fetch(server.url, {
      method: 'GET',
      headers: { 'mcp-session-id': id, accept: 'text/event-stream' },
    });
    expect(answer.status).toBe(404);
    await answer.body?.cancel();
  });

  test('by leaving: the session stays for who comes back, the streams do not (R3)', async () => {
    const server = await startServer();
    const { client } = await connect(server.url);
    await eventually('the GET stream', async () => (await server.router.stats()).streams === 1);
    await client.close();
    await eventually('the stream is closed', async () => (await server.router.stats()).streams === 0);
    expect((await server.router.stats()).sessions).toBe(1);
  });

  test('while a call runs: the call is ended, and its answer is an error or none (invariant 1)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const server = await startServer({ mcp });
    const { callTool, transport } = await connect(server.url);
    const calling = callTool('gate').then(
      () => 'result',
      () => 'error',
    );
    const call = await gate.begun();
    await transport.terminateSession();
    await call.aborted;
    expect(await calling).toBe('error');
    expect((await server.router.stats()).calls).toBe(0);
  });

  test('20 of them at once, each with its own calls, hear nothing of each other (R4)', async () => {
    const server = await startServer();
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect(server.url)));
    const answers = await Promise.all(
      clients.flatMap(({ callTool }, who) =>
        Array.from({ length: 5 }, async (_each, nth) => {
          const { content } = await callTool('echo', { text: `${who} ${nth}` });
          return content[0].text === `${who} ${nth}`;
        }),
      ),
    );
    expect(answers.every(Boolean)).toBe(true);
    expect(clients.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
