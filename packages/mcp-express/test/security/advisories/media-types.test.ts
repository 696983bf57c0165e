import { expect, test } from '@jest/globals';
import { requestAlone } from '../../spec/modern/client.js';
import { send } from '../../support/raw-client.js';
import { openSession, toolCall } from '../../support/session.js';
import { EXPRESS_MAJORS, startServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { addCounter } from './counter.js';
import { exchange, type HeaderLines, statusIn, wireRequest } from './raw-socket.js';
import { advisory } from './rows.js';

/** What a page of any site may send without asking first, and what looks like JSON to a careless eye. */
const REFUSED: readonly (string | undefined)[] = [
  'text/plain',
  'text/plain; charset=utf-8',
  'text/plain; a=application/json',
  'text/plain;application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=application/json',
  'text/plain, application/json',
  'application/jsonp',
  'application/json-seq',
  'xapplication/json',
  'text/json',
  '',
  undefined,
];
const SERVED = ['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset=UTF-8'];

advisory('CVE-2026-33252', () => {
  test.each(EXPRESS_MAJORS)('JSON alone is read, in both eras, on Express %d (R8)', async (express) => {
    const mcp = testServer();
    const count = addCounter(mcp);
    const { url } = await startServer({ mcp, express });
    const session = await openSession(url);
    const alone = requestAlone('tools/call', { name: 'count', arguments: {} });
    const both = async (type: string | undefined) => [
      await session.post(toolCall('count', {}), { 'content-type': type }),
      await send(url, { body: alone.body, headers: { ...alone.headers, 'content-type': type } }),
    ];
    for (const type of REFUSED) {
      for (const { status, headers } of await both(type)) {
        expect([type, status, headers['content-type']]).toEqual([type, 415, 'application/json']);
      }
    }
    expect(count.calls).toBe(0);
    for (const type of SERVED) {
      for (const { status } of await both(type)) expect([type, status]).toEqual([type, 200]);
    }
    expect(count.calls).toBe(SERVED.length * 2);
  });

  test('of two types the one that a page may send is not overlooked (R8)', async () => {
    const mcp = testServer();
    const count = addCounter(mcp);
    const { port } = await startServer({ mcp });
    const { headers, body } = requestAlone('tools/call', { name: 'count', arguments: {} });
    const usual = [['Host', 'localhost'], ...Object.entries(headers)] as unknown as HeaderLines;
    const types: HeaderLines = [
      ['Content-Type', 'text/plain'],
      ['Content-Type', 'application/json'],
    ];
    expect(statusIn(await exchange(port, wireRequest('POST', [...usual, ...types], JSON.stringify(body))))).toBe(415);
    expect(count.calls).toBe(0);
  });
});
