/** The tools of the other resources, each against the seeded sandbox. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RESOURCE_KEYS, resourceOf, supports } from 'float-api';
import type { CallToolResult, HandlerContext, McpServer } from 'mcp-express';
import type * as z from 'zod';
import { type Kit, openKit, TODAY, textOf } from '../testing/kit.js';
import { recordTools } from '../testing/record-tools.js';
import { MORE_RECORD_SPECS } from './more-specs.js';
import { RECORD_SPECS } from './spec.js';

interface Registered {
  readonly config: { readonly inputSchema: z.ZodObject; readonly outputSchema: z.ZodObject };
  handler(args: unknown, context: HandlerContext): Promise<CallToolResult>;
}

const tools = new Map<string, Registered>();
let kit: Kit;
beforeAll(async () => {
  kit = await openKit({ seed: true });
  const registry = {
    registerTool: (name: string, config: Registered['config'], handler: Registered['handler']) =>
      tools.set(name, { config, handler }),
  };
  for (const tool of recordTools(MORE_RECORD_SPECS)) {
    tool.register(registry as unknown as McpServer, { api: kit.api, today: () => TODAY });
  }
});
afterAll(() => kit.close());

async function call(name: string, args: Record<string, unknown> = {}): Promise<CallToolResult> {
  const tool = tools.get(name);
  if (tool === undefined) throw new TypeError(`no tool "${name}"`);
  const context = { signal: new AbortController().signal, progress: async () => {} } as unknown as HandlerContext;
  const result = await tool.handler(tool.config.inputSchema.parse(args), context);
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
  tool.config.outputSchema.parse(result.structuredContent);
  return result;
}
const saved = async (name: string, args: Record<string, unknown>) =>
  ((await call(`save-${name}`, args)).structuredContent as { record: Record<string, unknown> }).record;

test('together with the others, every resource of the table has its tools', () => {
  const keys = [...RECORD_SPECS, ...MORE_RECORD_SPECS].map(({ key }) => key);
  expect(keys.sort()).toEqual([...RESOURCE_KEYS].sort());
  const names = [...RECORD_SPECS, ...MORE_RECORD_SPECS].flatMap(({ singular, plural }) => [singular, plural]);
  // "logged-time" and "time-off" have no plural.
  expect(new Set(names).size).toBe(names.length - 2);
});

describe('find', () => {
  test.each(MORE_RECORD_SPECS.map((spec) => [spec.plural, spec] as const))('%s', async (plural, spec) => {
    const listed = await call(`find-${plural}`);
    const { total, records } = listed.structuredContent as { total: number; records: { id: number }[] };
    expect(total).toBeGreaterThan(0);
    if (!supports(resourceOf(spec.key), 'get')) return;
    const one = await call(`find-${plural}`, { id: records[0]?.id });
    expect(one.structuredContent).toMatchObject({ total: 1, records: [{ id: records[0]?.id }] });
  });
});

describe('save', () => {
  const project = 'Helios Customer Portal';

  test('read-only resources have no save tool', () => {
    for (const name of ['account', 'public-holiday', 'currency', 'rate-card', 'project-template']) {
      expect(tools.has(`save-${name}`)).toBe(false);
    }
  });

  test('parts of a project, by the name of the project', async () => {
    const phase = { project, name: 'Launch', start_date: '2026-12-01', end_date: '2026-12-18' };
    expect(await saved('phase', phase)).toMatchObject({ project, status: 'confirmed' });
    const task = await saved('project-task', { project, task_name: 'Copy', phase: 'Launch', billable: false });
    expect(task).toMatchObject({ task_name: 'Copy', billable: false });
    const milestone = await saved('milestone', { project, name: 'Go live', date: '2026-12-18' });
    expect(await saved('milestone', { id: milestone['id'], date: '2026-12-17' })).toMatchObject({ date: '2026-12-17' });
    expect(await saved('project-expense', { project, name: 'Fonts', cost: 120 })).toMatchObject({ cost: 120 });
  });

  test('the rest', async () => {
    const place = { person: 'Ava Lindqvist', status_type_id: 1, start_date: '2026-11-30', end_date: '2026-11-30' };
    expect(await saved('place-of-work', place)).toMatchObject({ person: 'Ava Lindqvist' });
    expect(await saved('team-holiday', { name: 'Summer party', date: '2027-06-18' })).toMatchObject({
      name: 'Summer party',
    });
    expect(await saved('department', { name: 'Research', parent_id: 'Strategy' })).toMatchObject({ name: 'Research' });
    expect(await saved('role', { name: 'Researcher', default_hourly_rate: 90 })).toMatchObject({
      default_hourly_rate: 90,
    });
    expect(await saved('project-stage', { name: 'On hold', status: 'tentative' })).toMatchObject({
      status: 'tentative',
    });
  });
});
