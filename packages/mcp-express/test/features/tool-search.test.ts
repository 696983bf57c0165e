import { describe, expect, test } from '@jest/globals';
import { McpServer, type ToolSearchOptions } from 'mcp-express';
import { Client } from '../modern/alone.js';
import { openSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';

/** The subjects of 1,000 tools. Each has the same ten actions. */
const SUBJECTS = `invoice order customer shipment product warehouse supplier payment refund discount coupon cart review
rating category brand return exchange delivery courier address country currency tax ledger account budget expense
receipt timesheet employee vacation shift payroll contract candidate interview department office meeting calendar
reminder task project milestone sprint ticket incident alert dashboard report chart metric log trace deployment release
branch commit repository pipeline build artifact container cluster node volume network firewall certificate domain
mailbox newsletter campaign audience segment lead opportunity quote pricing subscription plan license device sensor
gateway vehicle driver route station playlist song album photo video comment message channel webinar survey`.split(
  /\s+/,
);
const ACTIONS: readonly (readonly [string, string, string])[] = [
  ['create', 'Creates a new', 'name'],
  ['find', 'Finds one', 'number'],
  ['list', 'Lists every', 'pageSize'],
  ['update', 'Changes the details of a', 'changes'],
  ['delete', 'Removes a', 'reason'],
  ['archive', 'Moves to the archive an old', 'olderThan'],
  ['export', 'Exports as a spreadsheet a', 'fileFormat'],
  ['share', 'Shares with a colleague a', 'recipient'],
  ['duplicate', 'Copies a', 'copyName'],
  ['approve', 'Approves a pending', 'approver'],
];

/** 50 queries, each with the tool that it should find. */
const QUERIES: readonly (readonly [string, string])[] = [
  ['create an invoice', 'create-invoice'],
  ['find a customer by number', 'find-customer'],
  ['list all shipments', 'list-shipment'],
  ['update product details', 'update-product'],
  ['delete a coupon', 'delete-coupon'],
  ['archive old tickets', 'archive-ticket'],
  ['export the ledger as a spreadsheet', 'export-ledger'],
  ['share a dashboard with my colleague', 'share-dashboard'],
  ['duplicate a project', 'duplicate-project'],
  ['approve the expense', 'approve-expense'],
  ['I want to approve a vacation', 'approve-vacation'],
  ['remove an employee', 'delete-employee'],
  ['copy a contract', 'duplicate-contract'],
  ['change a meeting', 'update-meeting'],
  ['new reminder', 'create-reminder'],
  ['spreadsheet of timesheets', 'export-timesheet'],
  ['which warehouses are there? list them', 'list-warehouse'],
  ['find deployment', 'find-deployment'],
  ['releases list', 'list-release'],
  ['approve release', 'approve-release'],
  ['delete branch', 'delete-branch'],
  ['archive repository', 'archive-repository'],
  ['createPipeline', 'create-pipeline'],
  ['share_report', 'share-report'],
  ['approve a pending refund', 'approve-refund'],
  ['refund approver', 'approve-refund'],
  ['export invoices', 'export-invoice'],
  ['remove the firewall', 'delete-firewall'],
  ['renew: update the certificate', 'update-certificate'],
  ['list domains', 'list-domain'],
  ['please create a newsletter', 'create-newsletter'],
  ['duplicate campaign', 'duplicate-campaign'],
  ['share the audience', 'share-audience'],
  ['find a lead', 'find-lead'],
  ['approve quote', 'approve-quote'],
  ['change subscription', 'update-subscription'],
  ['licenses export', 'export-license'],
  ['list every device', 'list-device'],
  ['delete sensors', 'delete-sensor'],
  ['find vehicle', 'find-vehicle'],
  ['new driver', 'create-driver'],
  ['copy of a route', 'duplicate-route'],
  ['share playlist', 'share-playlist'],
  ['archive songs', 'archive-song'],
  ['delete albums', 'delete-album'],
  ['share a photo', 'share-photo'],
  ['export video', 'export-video'],
  ['approve comment', 'approve-comment'],
  ['shipmnt list', 'list-shipment'],
  ['find the calender', 'find-calendar'],
];

function manyTools(options?: ToolSearchOptions) {
  const mcp = new McpServer({ name: 'many', version: '1' });
  const search = mcp.registerToolSearch(options);
  for (const subject of SUBJECTS) {
    for (const [action, does, argument] of ACTIONS) {
      const properties = { [argument]: { type: 'string' } };
      const inputSchema = { type: 'object', properties } as const;
      const description = `${does} ${subject}.`;
      mcp.registerTool(`${action}-${subject}`, { description, inputSchema }, () => `${action} ${subject}`);
    }
  }
  return { mcp, search };
}

const namesIn = ({ json }: { json: { result: { tools: { name: string }[] } } }): string[] =>
  json.result.tools.map(({ name }) => name);
const foundIn = ({ json }: { json: { result: { structuredContent: { tools: { name: string }[] } } } }): string[] =>
  json.result.structuredContent.tools.map(({ name }) => name);

describe('a search in place of a list of 1,000 tools (R61)', () => {
  test('the list is short, queries find the right tool, and every tool can be called', async () => {
    expect(SUBJECTS.length).toBeGreaterThanOrEqual(100);
    const { mcp } = manyTools({ listed: ['find-order'] });
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const client = new Client(url);
    for (const list of [
      await client.ask('tools/list'),
      await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    ]) {
      expect(Buffer.byteLength(list.text)).toBeLessThan(5_000);
      expect(namesIn(list)).toEqual(['search-tools', 'describe-tools', 'find-order']);
    }
    let right = 0;
    for (const [index, [query, name]] of QUERIES.entries()) {
      const found = foundIn(await session.call('search-tools', { query }, index + 2));
      expect(found.length).toBeLessThanOrEqual(5);
      if (found.includes(name)) right += 1;
    }
    expect(QUERIES).toHaveLength(50);
    expect(right).toBeGreaterThanOrEqual(40);
    const { tools, unknown } = (await client.call('describe-tools', { names: ['approve-quote', 'none'] })).json.result
      .structuredContent;
    expect(tools).toMatchObject([{ name: 'approve-quote', inputSchema: { properties: { approver: {} } } }]);
    expect(unknown).toEqual(['none']);
    expect((await client.call('approve-quote')).json.result.content[0].text).toBe('approve quote');
    expect((await session.call('approve-quote', {}, 99)).json.result.content[0].text).toBe('approve quote');
  });

  test('hidden tools are never found, described or called', async () => {
    const { mcp } = manyTools({ limit: 50 });
    const visible = (principal?: { subject: string }) => principal?.subject === 'alice';
    mcp.registerTool('secret-vault', { description: 'Opens the secret vault.', visible }, () => 'open');
    const { url } = await startServer({ mcp, before: [authenticateByHeader] });
    for (const [user, sees] of [
      ['alice', true],
      ['bob', false],
      [undefined, false],
      ['alice', true],
    ] as const) {
      const client = new Client(url, user === undefined ? {} : { user });
      expect(foundIn(await client.call('search-tools', { query: 'secret vault' })).includes('secret-vault')).toBe(sees);
      const described = (await client.call('describe-tools', { names: ['secret-vault'] })).json.result
        .structuredContent;
      expect(described.unknown).toEqual(sees ? [] : ['secret-vault']);
      expect((await client.call('secret-vault')).json.error === undefined).toBe(sees);
    }
  });

  test('list_changed is sent when a listed tool changes, and not for others', async () => {
    const { mcp, search } = manyTools({ listed: ['later'] });
    const { url } = await startServer({ mcp });
    const stream = await (await openSession(url, undefined, { [USER_HEADER]: '' })).listen();
    mcp.registerTool('unlisted', { description: 'Something new.' }, () => 'x');
    const client = new Client(url);
    expect(foundIn(await client.call('search-tools', { query: 'something new' }))).toContain('unlisted');
    expect(stream.messages).toEqual([]);
    mcp.registerTool('later', {}, () => 'x');
    await stream.untilMessages(1);
    expect(stream.messages[0]?.method).toBe('notifications/tools/list_changed');
    search.remove();
    await stream.untilMessages(2);
    expect(namesIn(await client.ask('tools/list')).length).toBe(1_000);
    expect((await client.call('search-tools', { query: 'x' })).json.error).toBeDefined();
  });
});

test('registerToolSearch refuses wrong options, a taken name and a second search', () => {
  const register = (options: unknown) => () =>
    new McpServer({ name: 'x', version: '1' }).registerToolSearch(options as ToolSearchOptions);
  expect(register({ limit: 0 })).toThrow(/"limit" must be a whole number from 1 to 50/);
  expect(register({ listed: 'a' })).toThrow(/"listed" must be an array/);
  expect(register({ pinned: [] })).toThrow(/no option "pinned"/);
  expect(register({ name: 'a b' })).toThrow(/Tool name "a b"/);
  const mcp = new McpServer({ name: 'x', version: '1' });
  mcp.registerTool('describe-tools', {}, () => 'x');
  expect(() => mcp.registerToolSearch()).toThrow(/"describe-tools" is registered already/);
  mcp.registerToolSearch({ name: 'find', describeName: 'explain' });
  expect(() => mcp.registerToolSearch({ name: 'b', describeName: 'c' })).toThrow(/There is a tool search already/);
});
