import { expect, test } from '@jest/globals';
import { META, REVISION } from '../../spec/modern/client.js';
import { type RawAnswer, send } from '../../support/raw-client.js';
import { openSession } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { advisory } from './rows.js';

const _META = JSON.stringify({ [META.version]: REVISION, [META.capabilities]: {} });

/** The parameters of a call of this era. */
const paramsOf = (era: string, name = 'kept'): string =>
  `"params":{"name":"${name}","arguments":{}${era === REVISION ? `,"_meta":${_META}` : ''}}`;

/** A server of two tools, and what ran. */
async function serving() {
  const ran: string[] = [];
  const mcp = testServer();
  for (const name of ['kept', 'free']) {
    mcp.registerTool(name, {}, () => {
      ran.push(name);
      return name;
    });
  }
  const server = await startServer({ mcp });
  const session = await openSession(server.url);
  /** The same bytes in either era, where the headers name what a gateway has read. */
  const post = (era: string, body: string, method: string, name?: string): Promise<RawAnswer> => {
    const mirrored = { 'mcp-method': method, ...(name === undefined ? {} : { 'mcp-name': name }) };
    if (era === 'sessions') return session.post(body, mirrored);
    return send(server.url, { body, headers: { 'mcp-protocol-version': REVISION, ...mirrored } });
  };
  return { ...server, ran, post };
}

const ERAS = ['sessions', REVISION];

advisory('CVE-2026-27896', () => {
  test.each(ERAS)('members of another case are none, in %s', async (era) => {
    const { ran, post } = await serving();
    const params = paramsOf(era);
    const bodies = [
      `{"jsonrpc":"2.0","id":1,"Method":"tools/call",${params}}`,
      `{"JsonRpc":"2.0","id":1,"method":"tools/call",${params}}`,
      `{"jsonrpc":"2.0","id":1,"METHOD":"tools/call","method ":"tools/call",${params}}`,
      `{"jsonrpc":"2.0","id":1,"\u017fethod":"tools/call",${params}}`,
    ];
    for (const body of bodies)
      expect([body, (await post(era, body, 'tools/call', 'kept')).status]).toEqual([body, 400]);
    const upper = `{"jsonrpc":"2.0","id":1,"method":"tools/call",${params.replace('"name"', '"Name"')}}`;
    const refused = await post(era, upper, 'tools/call', 'kept');
    expect(refused.json.error.code).toBeLessThan(0);
    const shadowed = `{"jsonrpc":"2.0","id":1,"Method":"tools/call","method":"prompts/list",${params}}`;
    expect((await post(era, shadowed, 'tools/call', 'kept')).json.error).toBeDefined();
    expect(ran).toEqual([]);
  });

  test.each(ERAS)(
    'of two equal members one is read, and it is the one that the headers are held against, in %s',
    async (era) => {
      const { ran, post } = await serving();
      const params = paramsOf(era);
      const methods = (first: string, second: string): string =>
        `{"jsonrpc":"2.0","id":1,"method":"${first}","method":"${second}",${params}}`;
      const names = (first: string, second: string): string =>
        `{"jsonrpc":"2.0","id":1,"method":"tools/call",${params.replace('"name":"kept"', `"name":"${first}","name":"${second}"`)}}`;
      const readings: string[][] = [];
      for (const [one, other] of [
        ['kept', 'free'],
        ['free', 'kept'],
      ] as const) {
        for (const header of [one, other]) {
          const before = ran.length;
          const { status, json } = await post(era, names(one, other), 'tools/call', header);
          // Whatever ran is what a gateway that read the header has let through.
          expect(ran.slice(before)).toEqual(status === 200 && json.error === undefined ? [header] : []);
        }
      }
      expect(ran.toSorted()).toEqual(['free', 'kept']);
      ran.length = 0;
      for (const [one, other] of [
        ['tools/call', 'tools/list'],
        ['tools/list', 'tools/call'],
      ] as const) {
        for (const header of [one, other]) {
          const before = ran.length;
          const answer = await post(era, methods(one, other), header, header === 'tools/call' ? 'kept' : undefined);
          const called = ran.slice(before);
          if (answer.status !== 200) expect(called).toEqual([]);
          else expect(called).toEqual(header === 'tools/call' ? ['kept'] : []);
          readings.push(called);
        }
      }
      expect(readings).toHaveLength(4);
    },
  );

  test.each(ERAS)('two sets of params, or two ids, have one reading, in %s', async (era) => {
    const { ran, post } = await serving();
    const params = paramsOf(era);
    const other = paramsOf(era, 'free');
    for (const [body, header] of [
      [`{"jsonrpc":"2.0","id":1,"method":"tools/call",${params},${other}}`, 'kept'],
      [`{"jsonrpc":"2.0","id":1,"method":"tools/call",${other},${params}}`, 'free'],
    ] as const) {
      expect((await post(era, body, 'tools/call', header)).status).toBe(400);
    }
    expect(ran).toEqual([]);
    const twice = await post(
      era,
      `{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/call",${params}}`,
      'tools/call',
      'kept',
    );
    expect([twice.json.id, ran]).toEqual([2, ['kept']]);
  });
});
