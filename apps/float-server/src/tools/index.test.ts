import { expect, test } from '@jest/globals';
import express from 'express';
import type { FloatClient } from 'float-api';
import { type McpServer, mcpRouter } from 'mcp-express';
import request from 'supertest';
import * as z from 'zod';
import { createFloatServer } from '../mcp-server.js';
import { tools } from './index.js';

interface Listing {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly additionalProperties: unknown; readonly properties: Record<string, unknown> };
  readonly outputSchema: { readonly type: string };
  readonly annotations: Record<string, unknown>;
}

const REVISION = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const HEADERS = {
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': REVISION,
  'mcp-method': 'tools/list',
};

const listings: Listing[] = [];
const registry = {
  registerTool(
    name: string,
    config: Omit<Listing, 'name' | 'inputSchema'> & { inputSchema: z.ZodObject; outputSchema: z.ZodObject },
  ) {
    const inputSchema = z.toJSONSchema(config.inputSchema, { io: 'input' }) as unknown as Listing['inputSchema'];
    const outputSchema = z.toJSONSchema(config.outputSchema) as unknown as Listing['outputSchema'];
    listings.push({ ...config, name, inputSchema, outputSchema });
  },
};
const deps = { api: {} as FloatClient, today: () => '2026-11-23' };
for (const tool of tools) tool.register(registry as unknown as McpServer, deps);

test('the tools, in the order clients show them', () => {
  expect(listings.map(({ name }) => name)).toEqual([
    'who-is-free',
    'find-available',
    'who-is-overbooked',
    'show-plan',
    'who-works-on',
    'show-utilization',
    'show-budget',
    'projects-at-risk',
    'logged-vs-planned',
    'who-is-away',
    'leave-clashes',
    'whats-due',
    'can-we-take-on',
    'find-people',
    'find-projects',
    'find-allocations',
    'find-record',
    'book-person',
    'hand-over',
    'book-time-off',
    'save-project',
    'save-allocation',
    'save-logged-time',
    'save-record',
    'delete-record',
  ]);
});

test.each(listings)('$name has a title, described arguments and annotations', (tool) => {
  expect(tool.description.length).toBeGreaterThan(40);
  expect(tool.annotations).toMatchObject({
    title: tool.title,
    readOnlyHint: !/^(save|delete|book|hand)-/.test(tool.name),
    openWorldHint: false,
  });
  // Only tools that add and change nothing else are not destructive.
  if (!tool.annotations['readOnlyHint']) {
    expect(tool.annotations['destructiveHint']).toBe(!/^book-/.test(tool.name));
  }
  // A misspelt argument is rejected and not ignored: an ignored filter would return everything.
  expect(tool.inputSchema.additionalProperties).toBe(false);
  expect(tool.outputSchema.type).toBe('object');
});

test('the whole list stays within its size budget', async () => {
  const app = express().use(mcpRouter(createFloatServer(deps), { logger: false }));
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: META } };
  const { body } = await request(app).post('/mcp').set(HEADERS).send(list);
  const listed = body.result.tools as Listing[];
  expect(listed.map(({ name }) => name)).toEqual(listings.map(({ name }) => name));
  const sizeOf = (part: (tool: Listing) => object) => JSON.stringify(listed.map(part)).length;
  const inputs = sizeOf(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const outputs = sizeOf(({ outputSchema }) => outputSchema);
  expect(inputs).toBeLessThanOrEqual(24_000);
  expect(outputs).toBeLessThan(12_000);
  // The listed schema is shorter than the validated one.
  const call = { name: 'find-people', arguments: { name: 'x'.repeat(300) }, _meta: META };
  const long = await request(app)
    .post('/mcp')
    .set({ ...HEADERS, 'mcp-method': 'tools/call', 'mcp-name': 'find-people' })
    .send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: call });
  expect(long.body.result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('name') }] });
});
