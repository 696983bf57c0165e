import { describe, expect, test } from '@jest/globals';
import { McpServer as OfficialServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { Server as OfficialBase2, McpServer as OfficialServer2 } from '@modelcontextprotocol/server';
import express from 'express';
import {
  auditLog,
  ConfigurationError,
  completable,
  inputRequired,
  loadSkill,
  McpError,
  McpServer,
  mcpRouter,
  memoryStore,
  openStore,
  ResourceTemplate,
  serve,
} from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { redisStore } from 'mcp-express/redis';
import * as v from 'valibot';
import { z } from 'zod';
import { z as z3 } from 'zod3';

const mcp = (): McpServer => new McpServer({ name: 'misuse', version: '1' });

/** As a program in JavaScript may call it. */
const loose = (call: unknown) => call as (...args: unknown[]) => unknown;

const handler = () => 'ok';

const newServer = (...args: ConstructorParameters<typeof McpServer>) => new McpServer(...args);

const INFO = { name: 'official', version: '1' };

/** Registers on a server of its own. */
const register = (kind: 'Tool' | 'Prompt' | 'Resource', ...args: unknown[]) => {
  const server = mcp();
  return loose(server[`register${kind}`].bind(server))(...args);
};

describe('misuse', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'a port in place of options',
      () => loose(serve)(express(), 8080),
      /serve takes an object with port.*the number 8080/,
    ],
    [
      'a port that is a text',
      () => loose(serve)(express(), { port: '3000' }),
      /"port" must be a whole number.*the text "3000": give Number/,
    ],
    ['a near miss of an option of serve', () => loose(serve)(express(), { prot: 1 }), /Did you mean "port"\?/],
    ['no app', () => loose(serve)(), /serve takes an Express app.*undefined/],
    [
      'express itself in place of an app',
      () => loose(serve)(express),
      /express itself: call it, as in serve\(express\(\)\)/,
    ],
    [
      'a callback',
      () => loose(serve)(express(), { port: 0 }, () => {}),
      /no callback: await the promise.*const \{ url \}/,
    ],
    ['a callback in place of options', () => loose(serve)(express(), () => {}), /no callback: await the promise/],
    ['a router in place of the app', () => loose(serve)(mcpRouter(mcp())), /a router: mount it with app.use/],
    ['options in place of the app', () => loose(serve)({ port: 1 }), /serve takes an Express app.*an object/],
    [
      'a near miss of an option of the router',
      () => loose(mcpRouter)(mcp(), { allowedHost: [] }),
      /Did you mean "allowedHosts"\?/,
    ],
    ['another case', () => loose(mcpRouter)(mcp(), { maxbodybytes: 1 }), /Did you mean "maxBodyBytes"\?/],
    ['a path in place of options', () => loose(mcpRouter)(mcp(), '/mcp'), /mcpRouter takes an object.*a string/],
    [
      'a promise as store',
      () => loose(mcpRouter)(mcp(), { store: openStore('memory') }),
      /"store".*a promise: await it/,
    ],
    ['a server of the official SDK 1.x', () => loose(mcpRouter)(new OfficialServer(INFO)), /of the official SDK/],
    ['its low-level server', () => loose(mcpRouter)(new OfficialServer(INFO).server), /of the official SDK/],
    ['a server of the official SDK 2.x', () => loose(mcpRouter)(new OfficialServer2(INFO)), /of the official SDK/],
    ['its low-level server, 2.x', () => loose(mcpRouter)(new OfficialBase2(INFO)), /of the official SDK/],
    ['a class', () => loose(mcpRouter)(McpServer), /takes an McpServer.*a function/],
    ['a server that is still made', () => loose(mcpRouter)(Promise.resolve(mcp())), /a promise: await it/],
    ['options alone', () => loose(mcpRouter)({ path: '/x' }), /Did you mean mcpRouter\(undefined, \{ … \}\)/],
    [
      'a name in place of the description of a server',
      () => loose(newServer)('a', '1'),
      /takes \{ name, version \}.*a string/,
    ],
    ['a version that is a number', () => loose(newServer)({ name: 'a', version: 1 }), /"version".*the number 1/],
    ['a title that is not a string', () => loose(newServer)({ ...INFO, title: 5 }), /"title" is not a string/],
    ['capabilities', () => loose(newServer)(INFO, { capabilities: {} }), /no option "capabilities"/],
    ['a list that cannot be announced', () => loose(newServer)(INFO, { announce: ['tool'] }), /"announce".*\["tool"\]/],
    ['instructions that are no text', () => loose(newServer)(INFO, { instructions: ['x'] }), /"instructions".*\["x"\]/],
    ['no options of LMDB', () => loose(lmdbStore)(), /lmdbStore takes an object with path.*undefined/],
    ['no store', () => loose(openStore)(undefined), /openStore takes "memory".*undefined/],
    ['no options of Redis', () => loose(redisStore)(), /redisStore takes an object with url.*undefined/],
    ['an unknown option of Redis', () => loose(redisStore)({ uri: 'redis://x' }), /no option "uri"/],
    ['an unknown option of the memory store', () => loose(memoryStore)({ stream: {} }), /Did you mean "streams"\?/],
    ['an unknown limit of streams', () => loose(memoryStore)({ streams: { byte: 1 } }), /Did you mean "bytes"\?/],
    ['a schema under another name', () => register('Tool', 'a', { schema: {} }, handler), /"schema".*"inputSchema"/],
    ['parameters', () => register('Tool', 'a', { parameters: {} }, handler), /"parameters".*"inputSchema"/],
    ['a handler in place of the config', () => register('Tool', 'a', handler), /"a".*needs a config.*a function/],
    ['no handler', () => register('Tool', 'a', {}), /"a".*needs a handler.*undefined/],
    ['a tool without a name', () => register('Tool', undefined, {}, handler), /registerTool needs a name.*undefined/],
    ['a misspelled member', () => register('Tool', 'a', { descripton: '' }, handler), /Did you mean "description"\?/],
    ['an unknown member', () => register('Tool', 'a', { rate: 5 }, handler), /"a".*no option "rate". It has: title/],
    ['a shape as config', () => register('Tool', 'a', { n: z.string() }, handler), /no "n".*belong in "inputSchema"/],
    ['a schema as config', () => register('Tool', 'a', z.object({}), handler), /given a schema.*"inputSchema"/],
    ['the arguments of SDK 1.x', () => register('Tool', 'a', 'text', {}, handler), /needs a config.*a string/],
    [
      'a misspelled hint',
      () => register('Tool', 'a', { annotations: { readonlyHint: true } }, handler),
      /"readOnlyHint"/,
    ],
    ...[
      [{ readOnly: true }, 'readOnlyHint'],
      [{ read_only_hint: true }, 'readOnlyHint'],
      [{ destructive: false }, 'destructiveHint'],
      [{ openWorld: true }, 'openWorldHint'],
    ].map(([annotations, meant]): [string, () => unknown, RegExp] => [
      `annotations ${JSON.stringify(annotations)}`,
      () => register('Tool', 'a', { annotations }, handler),
      new RegExp(`"annotations" of tool "a".*Did you mean "${meant}"`),
    ]),
    ...[
      [{ annotations: { audiences: ['user'] } }, '"annotations".*"audience"'],
      [{ annotations: { last_modified: '2025-01-01' } }, '"annotations".*"lastModified"'],
      [{ icons: [{ url: 'https://example.com/i.png' }] }, '"icons".*"src"'],
      [{ icons: [{ src: 'https://example.com/i.png', size: ['any'] }] }, '"icons".*"sizes"'],
      [{ icons: [{ src: 'https://example.com/i.png', mimetype: 'image/png' }] }, '"icons".*"mimeType"'],
    ].map(([config, meant]): [string, () => unknown, RegExp] => [
      `a resource with ${JSON.stringify(config)}`,
      () => register('Resource', 'a', 'x://a', config, handler),
      new RegExp(`"a": ${meant}`),
    ]),
    [
      'suggestions for an argument that is not there',
      () => register('Prompt', 'a', { argsSchema: { city: z.string() }, complete: { citty: handler } }, handler),
      /"complete" of prompt "a" has no option "citty"\. Did you mean "city"/,
    ],
    ['a text as time limit', () => register('Tool', 'a', { timeoutMs: '5' }, handler), /timeoutMs of tool "a".*"5"/],
    [
      'a function as schema',
      () => register('Tool', 'a', { inputSchema: () => ({}) }, handler),
      /must be a schema.*a function/,
    ],
    ...[{ a: 'string' }, { a: String, title: z.string() }, { a: 'string', 'b?': 'number' }].map(
      (inputSchema, index): [string, () => unknown, RegExp] => [
        `types in place of schemas, ${index}`,
        () => register('Tool', 'a', { inputSchema }, handler),
        /inputSchema of tool "a", property "a" must be a Standard Schema, such as z\.string\(\); it is a (string|function)/,
      ],
    ),
    [
      'properties in place of a schema',
      () => register('Tool', 'a', { inputSchema: { city: { type: 'string' } } }, handler),
      /inputSchema of tool "a" has no keyword of JSON Schema\..*properties: \{ city: … \}/,
    ],
    ['null as schema', () => register('Tool', 'a', { inputSchema: null }, handler), /inputSchema of tool "a".*is null/],
    [
      'a shape with a name in place of a schema',
      () => register('Tool', 'a', { inputSchema: { n: z.string(), when: 'date' } }, handler),
      /inputSchema of tool "a", property "when".*a string/,
    ],
    ...(['Tool', 'Prompt', 'Resource'] as const).map((kind): [string, () => unknown, RegExp] => [
      `visible: true of a ${kind}`,
      () => register(kind, ...(kind === 'Resource' ? ['a', 'x://a'] : ['a']), { visible: true }, handler),
      /"a".*"visible" must be a function.*the boolean true/,
    ]),
    [
      'a schema that is still made',
      () => register('Tool', 'a', { inputSchema: Promise.resolve(z.object({})) }, handler),
      /inputSchema of tool "a".*a promise: await it/,
    ],
    ['a Map of schemas', () => register('Tool', 'a', { inputSchema: new Map([['a', z.string()]]) }, handler), /a Map/],
    [
      'visible that is a promise',
      () => register('Tool', 'a', { visible: async () => true }, handler),
      /an async function/,
    ],
    [
      'visible: false of a template',
      () => register('Resource', 'a', new ResourceTemplate('x://{a}'), { visible: false }, handler),
      /"visible" must be a function.*false/,
    ],
    [
      'a prompt without a handler',
      () => register('Prompt', 'a', {}),
      /registerPrompt\("a".*needs a handler.*undefined/,
    ],
    ['a prompt without a config', () => register('Prompt', 'a', handler), /needs a config.*a function/],
    [
      'inputSchema of a prompt',
      () => register('Prompt', 'a', { inputSchema: {} }, handler),
      /Did you mean "argsSchema"/,
    ],
    [
      'a list of suggestions',
      () => register('Prompt', 'a', { complete: { n: ['x'] } }, handler),
      /"n" must be a function.*an array/,
    ],
    ['a resource without a reader', () => register('Resource', 'a', 'x://a', {}), /needs a handler.*undefined/],
    [
      'a misspelled media type',
      () => register('Resource', 'a', 'x://a', { mimetype: 'text/csv' }, handler),
      /"mimeType"/,
    ],
    [
      'a URL object',
      () => register('Resource', 'a', new URL('x://a'), {}, handler),
      /a URI as a string.*instance of URL/,
    ],
    ['a template that is a text', () => register('Resource', 'a', 'x://{id}', {}, handler), /new ResourceTemplate/],
    ['no function for the audit', () => loose(auditLog)(), /auditLog takes a function.*undefined/],
    ['a misspelled way to redact', () => loose(auditLog)(handler, { redact: 'secret' }), /"redact".*"secret"/],
    ['an unknown option of the audit', () => loose(auditLog)(handler, { method: [] }), /Did you mean "methods"/],
    ['no folder of a skill', () => loose(loadSkill)(), /loadSkill takes the path.*undefined/],
    ['no schema to complete', () => loose(completable)('city', handler), /takes a schema.*a string/],
    ['no suggestions', () => loose(completable)(z.string(), ['x']), /a function second.*an array/],
    ['no question', () => loose(inputRequired)(), /inputRequired takes an object.*undefined/],
    ['a misspelled question', () => loose(inputRequired)({ inputRequest: {} }), /Did you mean "inputRequests"/],
    ['no page', () => loose(inputRequired.elicitUrl)({ message: 'x' }), /valid "url"/],
    ['no form', () => loose(inputRequired.elicit)('Who?'), /takes \{ message, requestedSchema \}.*a string/],
    ['a form under another name', () => loose(inputRequired.elicit)({ message: 'x', schema: {} }), /mean "schema"/],
    ['an unknown mode', () => loose(inputRequired.elicit)({ message: 'x', mode: 'URL' }), /"form" or "url"/],
    ['no messages for the model', () => loose(inputRequired.createMessage)(), /"messages"/],
    [
      'a misspelled option of a template',
      () => new ResourceTemplate('x://{a}', { lists: handler } as never),
      /"list"\?/,
    ],
    [
      'a number of JSON-RPC as error code',
      () => new (McpError as unknown as new (code: number, text: string) => McpError)(-32602, 'x'),
      /McpError has no code -32602. Did you mean "invalid-params"\?/,
    ],
    [
      'a path of a file as URI',
      () => register('Resource', 'a', '/etc/motd', {}, handler),
      /pathToFileURL\(path\)\.href/,
    ],
    [
      'a path of Windows as URI',
      () => register('Resource', 'a', 'C:\\a.txt', {}, handler),
      /pathToFileURL\(path\)\.href/,
    ],
    ['a template without a scheme', () => new ResourceTemplate('orders/{id}'), /is not a URI: no scheme, such as/],
    ['a template of a path', () => new ResourceTemplate('/orders/{id}'), /is not a URI: no scheme/],
    [
      'an unknown error code',
      () => new (McpError as unknown as new (code: string, text: string) => McpError)('invalid-param', 'x'),
      /McpError has no code "invalid-param". Did you mean "invalid-params"\?/,
    ],
  ])('is refused at once, and says what was meant: %s', async (_what, call, message) => {
    const thrown = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(thrown).toBeInstanceOf(ConfigurationError);
    expect((thrown as Error).message).toMatch(message);
  });

  test('no suggestion is made for what is far from everything', () => {
    expect(() => loose(mcpRouter)(mcp(), { colour: 1 })).toThrow(/no option "colour"\. It has/);
  });
});

const node: z.ZodType = z.object({ kids: z.array(z.lazy(() => node)), at: z.date() });

describe('a schema that cannot be used names its field', () => {
  test.each<[string, unknown, RegExp]>([
    ['a date of Zod', z.object({ due: z.date() }), /inputSchema of tool "a": "due".*JSON has no dates/],
    ['a date in a shape', { due: z.date() }, /property "due".*JSON has no dates/],
    [
      'a date deep in Zod',
      z.object({ orders: z.array(z.object({ sent: z.date().optional() })) }),
      /: "orders\[\]\.sent" cannot be written/,
    ],
    ['a big integer in a record', z.object({ sums: z.record(z.string(), z.bigint()) }), /: "sums\[\]".*BigInt/],
    ['maps and sets alone', z.object({ a: z.union([z.map(z.string(), z.string()), z.set(z.string())]) }), /: "a".*Map/],
    [
      'a part of an intersection',
      z.intersection(z.object({ a: z.string() }), z.object({ b: z.set(z.string()) })),
      /: "b"/,
    ],
    ['a date in a schema that contains itself', node, /: "at".*JSON has no dates/],
    ['a date of Valibot', v.object({ a: v.array(v.object({ due: v.date() })) }), /: "a\[\]\.due".*JSON has no dates/],
  ])('%s', (_what, inputSchema, message) => {
    expect(() => register('Tool', 'a', { inputSchema }, handler)).toThrow(message);
  });
});

describe('arguments of prompts are strings', () => {
  test.each<[string, unknown]>([
    ['a number', z.object({ n: z.number() })],
    ['a number in a shape', { n: z.number() }],
    ['a number that may be absent', { n: z.number().optional() }],
    ['true or false', { n: z.boolean() }],
    ['a list', { n: z.array(z.string()) }],
    ['an object', { n: z.object({ a: z.string() }) }],
    ['numbers to choose from', { n: z.union([z.literal(1), z.literal(2)]) }],
    ['a number of Zod 3', z3.object({ n: z3.number() })],
    ['a number of Valibot', v.object({ n: v.number() })],
    ['a number in JSON Schema', { type: 'object', properties: { n: { type: 'integer' } } }],
    [
      'a reference to a number',
      { type: 'object', properties: { n: { $ref: '#/$defs/n' } }, $defs: { n: { type: 'number' } } },
    ],
  ])('%s is refused by name', (_what, argsSchema) => {
    expect(() => register('Prompt', 'p', { argsSchema }, handler)).toThrow(
      /argsSchema of prompt "p": "n" does not accept a string/,
    );
  });

  test.each<[string, unknown]>([
    [
      'strings of every kind',
      { a: z.string().default('x'), b: z.enum(['x']), c: z.iso.date(), d: z.string().regex(/^q$/) },
    ],
    [
      'what converts strings',
      { a: z.coerce.number(), b: z.coerce.boolean(), c: z.stringbool(), d: z.string().transform(Number) },
    ],
    [
      'what converts strings, in an object',
      z.object({ a: z.coerce.number().min(1), b: z.preprocess(Number, z.number()) }),
    ],
    [
      'what takes strings among others',
      { a: z.union([z.string(), z.number()]), b: z.unknown(), c: z.string().nullish() },
    ],
    ['what converts strings in Zod 3', z3.object({ a: z3.coerce.number() })],
    [
      'more than issues are shown of',
      Object.fromEntries(Array.from('abcdefghijklmno', (name) => [name, z.coerce.number().min(5)])),
    ],
    ['what is checked later', { a: z.string().refine(async () => true) }],
    ['JSON Schema', { type: 'object', properties: { a: { type: ['string', 'null'] }, b: {}, c: { enum: ['x', 1] } } }],
  ])('%s are taken', (_what, argsSchema) => {
    expect(() => register('Prompt', 'p', { argsSchema }, handler)).not.toThrow();
  });
});
