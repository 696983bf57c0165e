import { once } from 'node:events';
import { type HostileClient, inSession, message, repeat, stateless } from './hostile-client.js';

/** One way to use up the resources of a server. */
export interface Attack {
  /** Its name on the command line. */
  readonly name: string;
  /** The bound of the server that it tests, as `docs/security.md` names it. */
  readonly bound: string;
  /** Resolves when the attack has sent everything. Its connections stay open until its process ends. */
  readonly run: (client: HostileClient) => Promise<void>;
}

const MB = 1_000_000;
/** Just below the default limit for a body. */
const LARGE = 3_500_000;
const PATIENCE_MS = 60_000;
const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

const large = (character: string): string => character.repeat(LARGE);

/** Makes a call and leaves its response unread until the process ends. */
function callAndLeave(client: HostileClient, session: string, id: number, name: string, args: object): Promise<void> {
  return leaveUnread(client, message(id, 'tools/call', { name, arguments: args }), inSession(session));
}

/** Sends a request, waits until its response begins or the server has had a second, and reads none of it. */
async function leaveUnread(client: HostileClient, body: string, headers: object): Promise<void> {
  const sent = client.begin('POST', { 'Content-Length': Buffer.byteLength(body), ...headers });
  sent.on('error', () => {});
  sent.on('response', (response) => response.pause());
  const finished = once(sent, 'finish');
  sent.end(body);
  await Promise.race([finished, once(sent, 'close')]).catch(() => {});
}

async function opened(client: HostileClient): Promise<string> {
  const session = await client.open();
  if (session === undefined) throw new Error('the attacker was given no session');
  return session;
}

/** All attacks, in the order of the table in `docs/security.md`. */
export const ATTACKS: readonly Attack[] = [
  {
    name: 'keyed-calls',
    bound: '200 calls with idempotency keys and arguments of 3.5 MB, echoed',
    run: async (client) => {
      await repeat(200, 4, (i) => {
        const { body, headers } = stateless(i, 'tools/call', { name: 'echo', arguments: { text: large('k') } }, 'echo');
        return client.post(body, { ...headers, 'Idempotency-Key': `attack-${i}` });
      });
    },
  },
  {
    name: 'many-keyed-calls',
    bound: '10,000 small calls with idempotency keys',
    run: (client) =>
      repeat(10_000, 16, (i) => {
        const { body, headers } = stateless(i, 'tools/call', { name: 'echo', arguments: { text: 'k' } }, 'echo');
        return client.post(body, { ...headers, 'Idempotency-Key': `many-${i}` });
      }),
  },
  {
    name: 'tasks',
    bound: '400 tasks with arguments and results of 1 MB',
    run: (client) =>
      repeat(400, 8, (i) => {
        const params = { name: 'report', arguments: { bytes: MB, padding: 'x'.repeat(MB) } };
        const { body, headers } = stateless(i, 'tools/call', params, 'report', TASKS);
        return client.post(body, headers);
      }),
  },
  {
    name: 'subscriptions',
    bound: '100 subscriptions with URIs of 3.5 MB',
    run: async (client) => {
      const session = await opened(client);
      await repeat(100, 4, (i) => {
        const body = message(i, 'resources/subscribe', { uri: `file:///${i}/${large('u')}` });
        return client.post(body, inSession(session));
      });
    },
  },
  {
    name: 'listeners',
    bound: '300 listen requests with 3.5 MB of URIs each',
    run: (client) =>
      repeat(300, 4, (i) => {
        const uris = Array.from({ length: 900 }, (_, n) => `file:///${i}/${n}/${'u'.repeat(3_800)}`);
        const params = { notifications: { resourceSubscriptions: uris } };
        const { body, headers } = stateless(i, 'subscriptions/listen', params);
        return leaveUnread(client, body, headers);
      }),
  },
  {
    name: 'unfinished-bodies',
    bound: '300 bodies of 4 MB that never end',
    run: async (client) => {
      await repeat(300, 16, async () => {
        const sent = client.begin('POST', { 'Content-Length': 4 * MB });
        sent.on('error', () => {});
        const written = new Promise<void>((resolve) => sent.write(Buffer.alloc(4 * MB - 1, 0x20), () => resolve()));
        await Promise.race([written, once(sent, 'close'), once(sent, 'response')]).catch(() => {});
      });
    },
  },
  {
    name: 'running-calls',
    bound: '100 running calls of one session with arguments of 3.5 MB',
    run: async (client) => {
      const session = await opened(client);
      await repeat(100, 8, (i) =>
        callAndLeave(client, session, i, 'wait', { ms: 10 * PATIENCE_MS, padding: large('r') }),
      );
    },
  },
  {
    name: 'running-calls-stateless',
    bound: '300 running calls without a session with arguments of 3.5 MB',
    run: (client) =>
      repeat(300, 8, (i) => {
        const params = { name: 'wait', arguments: { ms: 10 * PATIENCE_MS, padding: large('r') } };
        const { body, headers } = stateless(i, 'tools/call', params, 'wait');
        return leaveUnread(client, body, headers);
      }),
  },
  {
    name: 'slow-calls',
    bound: '10,400 slow calls over 40 sessions',
    run: async (client) => {
      for (let s = 0; s < 40; s += 1) {
        const session = await client.open();
        if (session === undefined) return;
        const body = Array.from({ length: 260 }, (_, i) => i);
        await repeat(body.length, 64, (i) => callAndLeave(client, session, i, 'wait', { ms: 10 * PATIENCE_MS }));
      }
    },
  },
  {
    name: 'sessions',
    bound: '10,050 initialize requests',
    run: (client) => repeat(10_050, 16, () => client.open()),
  },
  {
    name: 'unread-streams',
    bound: '100 streamed results of 1 MB that are never read, in each of 4 sessions',
    run: async (client) => {
      for (let s = 0; s < 4; s += 1) {
        const session = await opened(client);
        await repeat(100, 8, (i) => callAndLeave(client, session, i, 'produce', { bytes: MB }));
      }
    },
  },
  {
    name: 'unknown-answers',
    bound: '100 responses of 3.5 MB to requests that were never sent, and 100 cancellations with ids of 3.5 MB',
    run: async (client) => {
      const session = await opened(client);
      await repeat(100, 4, async (i) => {
        const response = JSON.stringify({ jsonrpc: '2.0', id: `unknown-${i}`, result: { text: large('a') } });
        await client.post(response, inSession(session));
        const params = { requestId: `${i}${large('c')}` };
        const cancelled = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
        await client.post(cancelled, inSession(session));
      });
    },
  },
  {
    name: 'wrong-arguments',
    bound: '10 calls with 1.8 million wrong list items, 10 with 300,000 unknown members',
    run: async (client) => {
      const session = await opened(client);
      const list = `[${'"",'.repeat(1_000_000)}""]`;
      const members = Array.from({ length: 300_000 }, (_, i) => `"k${i}":0`).join(',');
      await repeat(10, 1, async (i) => {
        const call = (args: string, name: string): string =>
          `{"jsonrpc":"2.0","id":${i},"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`;
        await client.post(call(`{"list":${list}}`, 'numbers'), inSession(session));
        await client.post(call(`{"list":[],${members}}`, 'numbers'), inSession(session));
      });
    },
  },
  {
    name: 'completion',
    bound: '50 completion values of 3.5 MB',
    run: async (client) => {
      const session = await opened(client);
      await repeat(50, 4, (i) => {
        const params = { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'name', value: large('v') } };
        return client.post(message(i, 'completion/complete', params), inSession(session));
      });
    },
  },
  {
    name: 'refused-bodies',
    bound: '40 bodies of 50 MB that are over the limit, and 40 of another media type',
    run: (client) =>
      repeat(40, 4, async () => {
        const body = 'x'.repeat(50 * MB);
        await client.post(body);
        await client.post(body, { 'Content-Type': 'text/plain' });
      }),
  },
  {
    name: 'take-over',
    bound: '2,000 GETs of one session that supersede each other',
    run: async (client) => {
      const session = await opened(client);
      await repeat(2_000, 4, async () => {
        const sent = client.begin('GET', { ...inSession(session), Accept: 'text/event-stream' });
        sent.on('error', () => {});
        sent.on('response', (response) => response.resume());
        sent.end();
        await Promise.race([once(sent, 'response'), once(sent, 'close')]).catch(() => {});
      });
    },
  },
];
