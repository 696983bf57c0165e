import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { McpServer, type Principal, ResourceTemplate } from 'mcp-express';
import { META, Modern, requestAlone } from '../../spec/modern/client.js';
import { type JsonBody, type RawAnswer, type RawRequest, type SseStream, send } from '../../support/raw-client.js';
import { openSession, type TestSession } from '../../support/session.js';
import { eventually } from '../../support/wait.js';
import { bearer, ERAS, type Era, inParallel, KEYS, startGuarded } from '../advisories/two-principals.js';

const RUNS = 10;
const REQUESTS = 320;
const AT_ONCE = 64;

/** What is of each principal alone has its word in it, and nothing else has: not even what both may ask for. */
const WORDS = { alice: 'apricot', bob: 'blueberry' } as const;
type Who = keyof typeof WORDS;
const PRINCIPALS = ['alice', 'bob'] as const;

const wordOf = (principal?: Principal): string => WORDS[principal?.subject as Who];
const otherThan = (who: Who): Who => (who === 'alice' ? 'bob' : 'alice');

/** Each handler says who it thinks is calling, before and after it has waited. */
function tenantServer(): McpServer {
  const mcp = new McpServer({ name: 'tenants', version: '1' });
  const anything = { inputSchema: { type: 'object' } } as const;
  for (const who of PRINCIPALS) {
    const visible = (principal?: Principal): boolean => principal?.subject === who;
    mcp.registerTool(`${WORDS[who]}-tool`, { visible }, () => WORDS[who]);
    mcp.registerResource(`${WORDS[who]}-resource`, `test://${WORDS[who]}`, { visible }, () => WORDS[who]);
    mcp.registerPrompt(`${WORDS[who]}-prompt`, { visible }, () => WORDS[who]);
  }
  mcp.registerTool('quick', anything, ({ nonce }, { principal }) => `${wordOf(principal)} ${nonce}`);
  mcp.registerTool('telling', anything, async ({ nonce }, ctx) => {
    for (let step = 1; step <= 3; step += 1) {
      void ctx.progress(step, 3, `${wordOf(ctx.principal)} ${nonce}`);
      await new Promise(setImmediate);
    }
    return `${wordOf(ctx.principal)} ${nonce}`;
  });
  const own = new ResourceTemplate('own://{nonce}', {
    list: ({ principal }) => ({ resources: [{ uri: `own://${wordOf(principal)}`, name: 'own' }] }),
    complete: { nonce: (value, _context, { principal }) => [`${wordOf(principal)} ${value}`] },
  });
  mcp.registerResource('own', own, {}, (_uri, { nonce }, { principal }) => `${wordOf(principal)} ${nonce}`);
  return mcp;
}

const KINDS = ['quick', 'telling', 'own', 'complete', 'tools', 'resources', 'prompts', 'change', 'foreign'] as const;

interface Op {
  readonly who: Who;
  readonly era: Era;
  readonly kind: (typeof KINDS)[number];
}

const operation: fc.Arbitrary<Op> = fc.record({
  who: fc.constantFrom(...PRINCIPALS),
  era: fc.constantFrom(...ERAS),
  kind: fc.constantFrom(...KINDS),
});

/** What an operation asks. Everybody uses the same ids and the same token of progress. */
function askedBy({ who, kind }: Op, nonce: string): readonly [method: string, params: JsonBody] {
  const completing = { ref: { type: 'ref/resource', uri: 'own://{nonce}' }, argument: { name: 'nonce', value: nonce } };
  switch (kind) {
    case 'quick':
    case 'telling':
      return ['tools/call', { name: kind, arguments: { nonce } }];
    case 'own':
      return ['resources/read', { uri: `own://${nonce}` }];
    case 'complete':
      return ['completion/complete', completing];
    case 'foreign':
      return ['tools/call', { name: `${WORDS[otherThan(who)]}-tool`, arguments: {} }];
    case 'change':
      return ['tools/list', {}];
    default:
      return [`${kind}/list`, {}];
  }
}

class Caller {
  readonly streams: SseStream[] = [];
  #session!: TestSession;

  constructor(
    readonly url: string,
    readonly who: Who,
  ) {}

  async open(): Promise<this> {
    const headers = bearer(KEYS[this.who]);
    this.#session = await openSession(this.url, undefined, headers);
    const lists = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };
    const resourceSubscriptions = PRINCIPALS.map((who) => `test://${WORDS[who]}`);
    const client = new Modern(this.url, { headers });
    this.streams.push(await this.#session.listen(), await client.listen({ ...lists, resourceSubscriptions }));
    return this;
  }

  /** Everything that came back, headers included. */
  async ask(op: Op, nonce: string): Promise<RawAnswer> {
    const [method, params] = askedBy(op, nonce);
    return send(this.url, this.#request(op.era, method, params));
  }

  #request(era: Era, method: string, params: JsonBody): RawRequest {
    if (era === 'sessions') {
      const body = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: { progressToken: 't' } } };
      return { body, headers: this.#session.headers };
    }
    const headers = bearer(KEYS[this.who]);
    return requestAlone(method, params, { headers, meta: { progressToken: 't', [META.level]: 'info' } });
  }

  get bytes(): string {
    return this.streams.map(({ text }) => text).join('');
  }
}

/** What an answer lacks, or has too much of. */
function wrongWith(op: Op, nonce: string, { text, rawHeaders }: RawAnswer): string | undefined {
  const asked = op.kind === 'foreign' ? `${WORDS[otherThan(op.who)]}-tool` : '\n';
  // What was asked for may come back in the words that there is no such thing.
  const bytes = `${rawHeaders.join('\n')}\n${text}`.replaceAll(asked, '');
  if (bytes.includes(WORDS[otherThan(op.who)])) return `something of the other in ${op.kind}: ${text}`;
  if (op.kind === 'foreign') return text.includes('-32602') ? undefined : `a hidden tool was not unknown: ${text}`;
  if (op.kind === 'prompts' || op.kind === 'tools' || op.kind === 'resources' || op.kind === 'change') {
    return text.includes(WORDS[op.who]) ? undefined : `a list without what is its caller's: ${text}`;
  }
  const own = `${WORDS[op.who]} ${nonce}`;
  const times = text.split(own).length - 1;
  return times === (op.kind === 'telling' ? 4 : 1) ? undefined : `${times} times ${own} in: ${text}`;
}

test('3,200 interleaved requests of two principals in both eras: each gets what is its own, in answers and in streams (R4, R5, R24, R45)', async () => {
  const server = await startGuarded(tenantServer(), { rateLimits: false });
  const callers = {
    alice: await new Caller(server.url, 'alice').open(),
    bob: await new Caller(server.url, 'bob').open(),
  };
  let count = 0;
  const changed = ({ who }: Op): void => {
    const visible = (principal?: Principal): boolean => principal?.subject === who;
    const registered = server.mcp.registerTool(`${WORDS[who]}-${count}`, { visible }, () => WORDS[who]);
    void server.router.notify.resourceUpdated(`test://${WORDS[who]}`);
    if (count % 8 !== 0) registered.remove();
  };
  const property = fc.asyncProperty(fc.array(operation, { minLength: REQUESTS, maxLength: REQUESTS }), async (ops) => {
    await inParallel(ops.length, AT_ONCE, async (index) => {
      const op = ops[index] as Op;
      count += 1;
      const nonce = `n${count}`;
      if (op.kind === 'change') changed(op);
      const wrong = wrongWith(op, `${nonce}`, await callers[op.who].ask(op, nonce));
      if (wrong !== undefined) throw new Error(`${op.who}, ${op.era}: ${wrong}`);
    });
    for (const who of PRINCIPALS) {
      if (callers[who].bytes.includes(WORDS[otherThan(who)])) throw new Error(`${who} was told: ${callers[who].bytes}`);
    }
  });
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  expect(count).toBeGreaterThanOrEqual(3_000);
  // The streams were told something, so that there was something to leak.
  for (const who of PRINCIPALS) {
    const own = callers[who];
    await eventually(
      `${who} is told`,
      () => own.bytes.includes('list_changed') && own.bytes.includes(`test://${WORDS[who]}`),
    );
    for (const stream of own.streams) stream.destroy();
  }
  await eventually('nothing is left', async () => {
    const { calls, streams, listeners } = await server.router.stats();
    return calls + streams + listeners === 0;
  });
}, 60_000);
