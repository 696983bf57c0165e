import { expect, test } from '@jest/globals';
import { McpServer, type Principal, ResourceTemplate } from 'mcp-express';
import type { JsonBody } from '../../support/raw-client.js';
import { advisory } from './rows.js';
import { ALICE, type Ask, asker, BOB, bytesOf, ERAS, inParallel, startGuarded } from './two-principals.js';

const REQUESTS = 400;
/** What is of each tenant has its word in its name, and nothing else has. */
const WORDS = { alice: 'apricot', bob: 'blueberry' } as const;
type Tenant = keyof typeof WORDS;
const TENANTS = ['alice', 'bob'] as const;

const otherThan = (tenant: Tenant): Tenant => (tenant === 'alice' ? 'bob' : 'alice');

function tenantServer(): McpServer {
  const mcp = new McpServer({ name: 'tenants', version: '1' });
  for (const tenant of TENANTS) {
    const word = WORDS[tenant];
    const visible = (principal?: Principal): boolean => principal?.subject === tenant;
    mcp.registerTool(`${word}-tool`, { visible }, ({ principal }) => `${word} for ${principal?.subject}`);
    mcp.registerResource(`${word}-resource`, `test://${word}`, { visible }, () => word);
    mcp.registerPrompt(`${word}-prompt`, { visible }, () => word);
  }
  const own = new ResourceTemplate('files://{name}', {
    list: ({ principal }) => ({ resources: [{ uri: `files://${WORDS[principal?.subject as Tenant]}`, name: 'own' }] }),
    complete: { name: (_value, _context, { principal }) => [WORDS[principal?.subject as Tenant]] },
  });
  mcp.registerResource('own', own, {}, (_uri, _variables, { principal }) => WORDS[principal?.subject as Tenant]);
  return mcp;
}

type Request = readonly [method: string, params: JsonBody];

const requestsOf = (tenant: Tenant): readonly Request[] => [
  ['tools/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['prompts/list', {}],
  ['tools/call', { name: `${WORDS[tenant]}-tool`, arguments: {} }],
  ['resources/read', { uri: `test://${WORDS[tenant]}` }],
  ['resources/read', { uri: 'files://shared' }],
  ['prompts/get', { name: `${WORDS[tenant]}-prompt` }],
  [
    'completion/complete',
    { ref: { type: 'ref/resource', uri: 'files://{name}' }, argument: { name: 'name', value: '' } },
  ],
];

async function clientsOf(url: string): Promise<{ tenant: Tenant; ask: Ask }[]> {
  const clients: { tenant: Tenant; ask: Ask }[] = [];
  for (const [tenant, key] of [
    ['alice', ALICE],
    ['bob', BOB],
  ] as const) {
    for (const era of ERAS) clients.push({ tenant, ask: await asker(url, era, key) });
  }
  return clients;
}

advisory('(no CVE) Mastra', () => {
  test.each(['alice', 'bob'] as const)('whoever is first, %s, is given what others are not (R24)', async (first) => {
    const { url } = await startGuarded(tenantServer());
    const clients = (await clientsOf(url)).sort(
      (one, other) => Number(other.tenant === first) - Number(one.tenant === first),
    );
    // Twice: once as nobody has asked before, once as all have.
    for (const _each of ['cold', 'warm']) {
      for (const { tenant, ask } of clients) {
        for (const [method, params] of requestsOf(tenant)) {
          const { text, json } = await ask(method, params);
          expect([method, json.error, text.includes(WORDS[otherThan(tenant)])]).toEqual([method, undefined, false]);
          if (method !== 'resources/templates/list') expect(text).toContain(WORDS[tenant]);
        }
      }
    }
  });

  test('400 interleaved requests, 64 at once, in both eras, while the catalog changes (R24)', async () => {
    const { url, mcp } = await startGuarded(tenantServer());
    const clients = await clientsOf(url);
    let own = 0;
    await inParallel(REQUESTS, 64, async (index) => {
      // A changed catalog makes every list anew.
      if (index % 50 === 0) mcp.registerPrompt(`shared-${index}`, {}, () => 'x');
      const { tenant, ask } = clients[index % clients.length] as (typeof clients)[number];
      const requests = requestsOf(tenant);
      const [method, params] = requests[Math.floor(index / clients.length) % requests.length] as Request;
      const { text } = await ask(method, params);
      expect([tenant, method, text.includes(WORDS[otherThan(tenant)])]).toEqual([tenant, method, false]);
      if (text.includes(WORDS[tenant])) own += 1;
    });
    expect(own).toBeGreaterThan(REQUESTS / 2);
  });

  test('what is hidden is what is unknown, byte for byte, and no cache may share what is filtered (R24)', async () => {
    const { url } = await startGuarded(tenantServer());
    for (const { tenant, ask } of await clientsOf(url)) {
      const hidden = await ask('tools/call', { name: `${WORDS[otherThan(tenant)]}-tool`, arguments: {} });
      const unknown = await ask('tools/call', {
        name: `${'x'.repeat(WORDS[otherThan(tenant)].length)}-tool`,
        arguments: {},
      });
      const named = JSON.stringify(bytesOf(hidden)).replaceAll(
        WORDS[otherThan(tenant)],
        'x'.repeat(WORDS[otherThan(tenant)].length),
      );
      expect(named).toBe(JSON.stringify(bytesOf(unknown)));
      expect(hidden.json.error.code).toBe(-32602);
    }
    const bob = await asker(url, '2026-07-28', BOB);
    for (const list of ['tools/list', 'resources/list', 'prompts/list']) {
      expect((await bob(list)).json.result.cacheScope).toBe('private');
    }
  });
});
