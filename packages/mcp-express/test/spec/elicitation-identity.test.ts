import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { TestSession } from '../support/session.js';
import { authenticateByHeader, USER_HEADER } from '../support/start-server.js';
import { ABLE, answerTo, initializeWith, isResponse, join, open, untilAsked } from './client.js';
import { NEWEST_ONLY } from './requirement.js';

const SCHEMA = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const;
const FORM = { message: 'Who are you?', requestedSchema: SCHEMA };

const as = (user: string | undefined) => ({ [USER_HEADER]: user });
const accepted = (name: string) => ({ action: 'accept', content: { name } });

/** Alice's session, in which she is being asked. */
async function asking(revision: string) {
  const before = [authenticateByHeader];
  const opened = await open({ revision, before, capabilities: ABLE, headers: as('alice') });
  return { ...opened, ...(await untilAsked(opened.session, 'elicit', { what: FORM })) };
}

describe('who is asked', () => {
  test.each(NEWEST_ONLY)(
    '%s: nobody else can answer, neither in another session nor with the id of this one [elicitation.bound-to-identity, elicitation.state-not-by-session]',
    async (revision) => {
      const { session, url, stream, asked } = await asking(revision);
      const hers = await join(url, { revision, headers: as('alice') });
      const bobs = await join(url, { revision, headers: as('bob') });
      for (const other of [hers, bobs]) expect((await answerTo(other, asked, accepted('Eve'))).status).toBe(202);
      for (const user of ['bob', undefined]) {
        const stolen = new TestSession(url, session.id, revision, as(user));
        expect((await answerTo(stolen, asked, accepted('Eve'))).status).toBe(404);
      }
      expect(stream.messages.filter(isResponse)).toEqual([]);
      await answerTo(session, asked, accepted('Ada'));
      await stream.untilClosed();
      expect(stream.messages.at(-1)?.result.content[0].text).toContain('Ada');
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: nobody else sees what is asked or answered [elicitation.state-protected, elicitation.state-of-user]',
    async (revision) => {
      const { session, url, mcp, stream, asked } = await asking(revision);
      const bob = await join(url, { revision, headers: as('bob') });
      const own = await bob.listen();
      const lastEventId = { 'last-event-id': String(stream.lastId), accept: 'text/event-stream' };
      const stolen = new TestSession(url, session.id, revision, as('bob'));
      expect((await bob.get(lastEventId)).status).toBe(400);
      expect((await stolen.get(lastEventId)).status).toBe(404);
      await answerTo(session, asked, accepted('Ada'));
      await stream.untilClosed();
      mcp.registerTool('new', {}, () => 'x');
      await own.untilMessages(1);
      expect(own.messages).toEqual([{ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }]);
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: the second answer to a request is dropped [elicitation.bound-to-identity]',
    async (revision) => {
      const { session, stream, asked } = await asking(revision);
      await answerTo(session, asked, accepted('Ada'));
      await answerTo(session, asked, accepted('Eve'));
      await stream.untilClosed();
      expect(stream.messages.filter(isResponse)).toHaveLength(1);
      expect(stream.messages.at(-1)?.result.content[0].text).toContain('Ada');
    },
  );
});

describe('who the user is', () => {
  const whoIs = async (session: TestSession) =>
    JSON.parse((await session.call('who')).json.result.content[0].text).principal;

  test.each(NEWEST_ONLY)(
    '%s: a handler is told by authentication, on the very request [elicitation.user-from-credentials, elicitation.state-of-user]',
    async (revision) => {
      const { session, url } = await open({ revision, before: [authenticateByHeader], headers: as('alice') });
      const bob = await join(url, { revision, headers: as('bob') });
      expect(await whoIs(session)).toMatchObject({ subject: 'alice' });
      expect(await whoIs(bob)).toMatchObject({ subject: 'bob' });
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: what a client says of itself makes nobody of it [elicitation.identity-verified]',
    async (revision) => {
      const { url } = await open({ revision });
      const body = initializeWith(revision, { experimental: { user: 'root' } });
      body.params.clientInfo = { name: 'root', version: '1', sub: 'root' };
      body.params._meta = { user: 'root', sub: 'root' };
      const { headers } = await send(url, { body });
      const session = new TestSession(url, String(headers['mcp-session-id']), revision);
      expect(await whoIs(session)).toBeNull();
      const params = { name: 'who', arguments: {}, _meta: { sub: 'root' } };
      const { json } = await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
      expect(JSON.parse(json.result.content[0].text).principal).toBeNull();
    },
  );
});
