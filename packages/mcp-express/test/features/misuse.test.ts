import { describe, expect, test } from '@jest/globals';
import express from 'express';
import { ConfigurationError, McpError, McpServer, mcpRouter, memoryStore, openStore, serve } from 'mcp-express';
import { redisStore } from 'mcp-express/redis';

const mcp = (): McpServer => new McpServer({ name: 'misuse', version: '1' });

/** As a program in JavaScript may call it. */
const loose = (call: unknown) => call as (...args: unknown[]) => unknown;

const handler = () => 'ok';

describe('misuse', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'a port in place of options',
      () => loose(serve)(express(), 8080),
      /serve takes an object with port.*the number 8080/,
    ],
    ['a port that is a text', () => loose(serve)(express(), { port: '3000' }), /"port" must be a whole number.*3000/],
    ['a near miss of an option of serve', () => loose(serve)(express(), { prot: 1 }), /Did you mean "port"\?/],
    ['no app', () => loose(serve)(), /serve takes an Express app.*undefined/],
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
    ['no store', () => loose(openStore)(undefined), /openStore takes "memory".*undefined/],
    ['no options of Redis', () => loose(redisStore)(), /redisStore takes an object with url.*undefined/],
    ['an unknown option of Redis', () => loose(redisStore)({ uri: 'redis://x' }), /no option "uri"/],
    ['an unknown option of the memory store', () => loose(memoryStore)({ stream: {} }), /Did you mean "streams"\?/],
    ['an unknown limit of streams', () => loose(memoryStore)({ streams: { byte: 1 } }), /Did you mean "bytes"\?/],
    [
      'a schema under another name',
      () => loose(mcp().registerTool.bind(mcp()))('a', { schema: {} }, handler),
      /"a".*"schema".*"inputSchema"/,
    ],
    [
      'parameters',
      () => loose(mcp().registerTool.bind(mcp()))('a', { parameters: {} }, handler),
      /"a".*"parameters".*"inputSchema"/,
    ],
    [
      'a handler in place of the config',
      () => loose(mcp().registerTool.bind(mcp()))('a', handler),
      /"a".*needs a config.*a function/,
    ],
    ['no handler', () => loose(mcp().registerTool.bind(mcp()))('a', {}), /"a".*needs a handler.*undefined/],
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
