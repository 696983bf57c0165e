import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { SchemaSource } from 'mcp-express';
import { z } from 'zod';
import type { JsonBody } from '../support/raw-client.js';
import { ask, open } from './client.js';
import { SINCE_2025_06_18 } from './requirement.js';
import { specServer } from './server.js';

const NUMBER = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } as const;

/** What clients see of a tool that returns `value` for this output schema: a fault, or what its schema says of it. */
async function seen(
  revision: string,
  outputSchema: SchemaSource,
  value: unknown,
): Promise<'refused' | 'fits' | 'unfit'> {
  const mcp = specServer();
  mcp.registerTool('typed', { outputSchema }, () => value as never);
  const { session } = await open({ revision, mcp });
  const { tools } = (await ask(session, 'tools/list')).json.result;
  const listed = tools.find(({ name }: JsonBody) => name === 'typed').outputSchema;
  const { result } = (await session.call('typed')).json;
  if (result.isError === true) return 'refused';
  return new Ajv2020({ strict: false, validateFormats: false }).validate(listed, result.structuredContent)
    ? 'fits'
    : 'unfit';
}

describe('structured results', () => {
  test.each(SINCE_2025_06_18)('%s: one that conforms is sent [tools.output-schema]', async (revision) => {
    expect(await seen(revision, NUMBER, { n: 1 })).toBe('fits');
    expect(await seen(revision, NUMBER, { content: [], structuredContent: { n: 1, more: 'x' } })).toBe('fits');
    expect(await seen(revision, z.object({ when: z.iso.date() }), { when: '2025-01-31' })).toBe('fits');
  });

  test.each<[string, SchemaSource, unknown]>([
    ['of another type', NUMBER, { n: '1' }],
    ['without a required member', NUMBER, {}],
    ['in a result of its own', NUMBER, { content: [], structuredContent: { n: null } }],
    ['that is left out', NUMBER, { content: [{ type: 'text', text: 'no structure' }] }],
    ['that is a mere text', NUMBER, '{"n":1}'],
    ['of another Zod type', z.object({ n: z.number() }), { n: '1' }],
  ])('one %s is an error of the tool [tools.output-schema]', async (_what, schema, value) => {
    for (const revision of SINCE_2025_06_18) expect(await seen(revision, schema, value)).toBe('refused');
  });

  test.each<[string, SchemaSource, unknown]>([
    ['a number that JSON has no word for', NUMBER, { n: Number.NaN }],
    ['a number without end', NUMBER, { n: Number.POSITIVE_INFINITY }],
    ['a value that writes itself as another type', NUMBER, { n: Object.assign(1, { toJSON: () => 'one' }) }],
    ['what its Zod schema fills in', z.object({ n: z.number().default(1) }), {}],
    ['a member that its Zod schema does not know', z.strictObject({ n: z.number() }), { n: 1, more: 2 }],
    ['a member that its Zod schema leaves out', z.object({ n: z.number() }), { n: 1, more: 2 }],
    ['what its Zod schema converts', z.object({ n: z.string().transform(Number).pipe(z.number()) }), { n: '1' }],
  ])('%s reaches no client against the schema that is listed [tools.output-schema]', async (_what, schema, value) => {
    for (const revision of SINCE_2025_06_18) expect(await seen(revision, schema, value)).not.toBe('unfit');
  });
});
