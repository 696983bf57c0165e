import { expect, test } from '@jest/globals';
import { encoded, META, REVISION } from '../../spec/modern/client.js';
import { openSession } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { exchange, type HeaderLines, statusIn, wireRequest } from './raw-socket.js';
import { advisory } from './rows.js';

/** JSON texts that a careless reader takes for `delete`. The first group is bytes, and no UTF-8. */
const NO_UTF8: readonly Buffer[] = [
  Buffer.from('delet\u00c1\u00a5', 'latin1'),
  Buffer.from('delet\u00e0\u0081\u00a5', 'latin1'),
  Buffer.from('delete\u00c0\u0080', 'latin1'),
  Buffer.from('delete\u00ed\u00a0\u0080', 'latin1'),
  Buffer.from('delete\u00ff', 'latin1'),
  Buffer.from('delete\u00f5\u0080\u0080\u0080', 'latin1'),
];
const SPELLED: readonly string[] = [
  'delete\\u0000',
  '\\u0000delete',
  'delete\\ud800',
  '\\udc00delete',
  '\\ufeffdelete',
  'delete\\u200b',
  'dele\\u0074e\\u0301',
  'ｄｅｌｅｔｅ',
  'dеlete',
  'DELETE',
  'delete ',
  'delete\\n',
];

async function serving() {
  const ran: string[] = [];
  const mcp = testServer();
  mcp.registerTool('delete', {}, () => {
    ran.push('delete');
    return 'deleted';
  });
  const server = await startServer({ mcp });
  const session = await openSession(server.url);
  const inSession: HeaderLines = [['Mcp-Session-Id', session.id]];
  const statusOf = async (era: string, body: string | Buffer, more: HeaderLines = []): Promise<number> => {
    const own: HeaderLines = era === 'sessions' ? inSession : [['MCP-Protocol-Version', REVISION]];
    const lines = [['Host', 'localhost'], ['Content-Type', 'application/json'], ...own, ...more] as HeaderLines;
    const answer = await exchange(server.port, wireRequest('POST', lines, body));
    expect(answer).not.toContain('"code":-32603');
    return statusIn(answer);
  };
  return { ran, statusOf };
}

const _META = JSON.stringify({ [META.version]: REVISION, [META.capabilities]: {} });

/** A call of this era whose method and name are these bytes. */
function bodyOf(era: string, name: string | Buffer, method: string | Buffer = 'tools/call'): Buffer {
  const before = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"');
  const between = Buffer.from('","params":{"arguments":{},"name":"');
  const after = Buffer.from(era === REVISION ? `","_meta":${_META}}}` : '"}}');
  return Buffer.concat([before, Buffer.from(method), between, Buffer.from(name), after]);
}

const CALL: HeaderLines = [['Mcp-Method', 'tools/call']];
const ERAS = ['sessions', REVISION];

advisory('GHSA-q382-vc8q-7jhj', () => {
  test.each(ERAS)('a body that is no UTF-8 is 400, in %s', async (era) => {
    const { ran, statusOf } = await serving();
    for (const name of NO_UTF8) {
      expect(await statusOf(era, bodyOf(era, name), [...CALL, ['Mcp-Name', 'delete']])).toBe(400);
      expect(await statusOf(era, bodyOf(era, 'delete', name), [...CALL, ['Mcp-Name', 'delete']])).toBe(400);
    }
    for (const encoding of ['utf16le', 'latin1'] as const) {
      const text = bodyOf(era, 'delete').toString();
      const bytes = Buffer.from(
        encoding === 'latin1' ? text.replace('delete', 'd\u00e9lete') : `\ufeff${text}`,
        encoding,
      );
      expect(await statusOf(era, bytes, [...CALL, ['Mcp-Name', 'delete']])).toBe(400);
    }
    expect(ran).toEqual([]);
  });

  test.each(ERAS)('a name or method that is almost one is another, in %s', async (era) => {
    const { ran, statusOf } = await serving();
    for (const spelled of SPELLED) {
      const meant = encoded(JSON.parse(`"${spelled}"`));
      for (const header of ['delete', meant])
        await statusOf(era, bodyOf(era, spelled), [...CALL, ['Mcp-Name', header]]);
      const method = spelled.replace(/delete/i, 'tools/call');
      for (const header of ['tools/call', meant]) {
        if (method !== 'tools/call')
          await statusOf(era, bodyOf(era, 'delete', method), [
            ['Mcp-Method', header],
            ['Mcp-Name', 'delete'],
          ]);
      }
    }
    expect(ran).toEqual([]);
    expect(await statusOf(era, bodyOf(era, 'delete'), [...CALL, ['Mcp-Name', encoded('delete')]])).toBe(200);
    expect(await statusOf(era, bodyOf(era, 'd\\u0065lete'), [...CALL, ['Mcp-Name', 'delete']])).toBe(200);
    expect(ran).toEqual(['delete', 'delete']);
  });

  test.each(ERAS)('a header that is almost the name is no match, in %s', async (era) => {
    const { ran, statusOf } = await serving();
    const headers = [
      ...SPELLED.filter((spelled) => !/\s$/.test(spelled)).map((spelled) => encoded(JSON.parse(`"${spelled}"`))),
      ...NO_UTF8.map((bytes) => `=?base64?${bytes.toString('base64')}?=`),
      ...NO_UTF8.map((bytes) => bytes.toString('latin1')),
      '=?base64?ZGVsZXRl',
      '=?base64?ZGVsZXRl=?=',
      '=?base64?ZGVsZXR\u00e9?=',
      'delete, delete',
    ];
    for (const header of headers) {
      const status = await statusOf(era, bodyOf(era, 'delete'), [...CALL, ['Mcp-Name', header]]);
      expect([header, status]).toEqual([header, 400]);
    }
    expect(ran).toEqual([]);
  });
});
