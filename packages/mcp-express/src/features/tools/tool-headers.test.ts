import { describe, expect, jest, test } from '@jest/globals';
import { ConfigurationError } from '../../protocol/errors.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import { McpServer } from '../mcp-server.js';
import { headerParamsOf } from './tool-headers.js';

const MARK = { type: 'string', 'x-mcp-header': 'Region' };

const found = (schema: object) => headerParamsOf(schema as JsonSchema, 'schema of "t"');
const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more });

function failure(schema: object): string {
  try {
    return `found ${JSON.stringify(found(schema))}`;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ConfigurationError);
    return (thrown as Error).message;
  }
}

describe('arguments with a header (R32)', () => {
  test('none without the keyword', () => {
    expect(found({})).toEqual([]);
    expect(found(object({ a: { type: 'string' }, b: true }))).toEqual([]);
  });

  test.each(['string', 'integer', 'boolean'])('an argument of type %s', (type) => {
    expect(found(object({ a: { type, 'x-mcp-header': 'Region' } }))).toEqual([
      { path: ['a'], header: 'mcp-param-region' },
    ]);
  });

  test('nested arguments with their paths', () => {
    const inner = object({
      c: { ...MARK, 'x-mcp-header': 'C' },
      d: object({ 'e.f': { ...MARK, 'x-mcp-header': 'D' } }),
    });
    expect(found(object({ a: MARK, b: inner }))).toEqual([
      { path: ['a'], header: 'mcp-param-region' },
      { path: ['b', 'c'], header: 'mcp-param-c' },
      { path: ['b', 'd', 'e.f'], header: 'mcp-param-d' },
    ]);
  });

  test('all token characters in a header name', () => {
    const name = "!#$%&'*+-.^_`|~09azAZ";
    expect(found(object({ a: { ...MARK, 'x-mcp-header': name } }))).toEqual([
      { path: ['a'], header: `mcp-param-${name.toLowerCase()}` },
    ]);
  });

  test.each(['properties', 'items', 'const', '$ref', '__proto__', 'constructor', 'x-mcp-header', 'if', '$defs'])(
    'a property named %s',
    (name) => {
      const properties = Object.fromEntries([[name, MARK]]);
      expect(found(object(properties))).toEqual([{ path: [name], header: 'mcp-param-region' }]);
      expect(found(object({ in: object(properties) }))).toEqual([{ path: ['in', name], header: 'mcp-param-region' }]);
    },
  );

  test('beside compositions without the keyword', () => {
    const more = { anyOf: [{ required: ['a'] }, object({ a: { minLength: 1 } })], $defs: { x: { type: 'string' } } };
    expect(found(object({ a: { ...MARK, anyOf: [{ minLength: 1 }] } }, more))).toHaveLength(1);
  });
});

describe('the keyword name without effect (R32)', () => {
  test.each(['const', 'default'])('in the value of %s', (keyword) => {
    for (const value of [MARK, [MARK], object({ a: MARK }), { items: MARK }]) {
      expect(found(object({ a: { [keyword]: value } }))).toEqual([]);
      expect(found(object({}, { [keyword]: value }))).toEqual([]);
    }
  });

  test.each(['enum', 'examples'])('in the values of %s', (keyword) => {
    expect(found(object({ a: { [keyword]: [MARK, object({ a: MARK }), [MARK]] } }))).toEqual([]);
  });

  test('as a property name', () => {
    expect(found(object({ 'x-mcp-header': { type: 'string' } }))).toEqual([]);
    expect(found(object({ a: object({ 'x-mcp-header': { type: 'number' } }) }))).toEqual([]);
    expect(found(object({}, { $defs: { 'x-mcp-header': { type: 'number' } } }))).toEqual([]);
    expect(found(object({}, { patternProperties: { 'x-mcp-header': { type: 'number' } } }))).toEqual([]);
  });

  test('as a required property', () => {
    expect(found(object({}, { required: ['x-mcp-header'] }))).toEqual([]);
  });

  test('in dependentRequired', () => {
    expect(found(object({}, { dependentRequired: { 'x-mcp-header': ['a'] } }))).toEqual([]);
  });
});

describe('an invalid keyword is refused at registration (R32)', () => {
  test.each([
    'number',
    'null',
    'array',
    'object',
    undefined,
    'String',
    ['string'],
    ['string', 'null'],
    ['integer', 'number'],
  ])('for the type %j', (type) => {
    expect(failure(object({ a: { type, 'x-mcp-header': 'Region' } }))).toMatch(/"a".*string, integer or boolean/);
  });

  test.each(['', ' ', 'a b', 'a:b', 'a/b', 'a,b', 'a;b', 'a=b', '"a"', '(a)', 'a@b', '[a]', '{a}', '<a>', 'a?', 'a\\'])(
    'for the header name %j',
    (name) => {
      expect(failure(object({ a: { ...MARK, 'x-mcp-header': name } }))).toMatch(/"a".*HTTP header name/);
    },
  );

  test.each(['ä', '世', 'a\u0000', 'a\r\nb: c', 'a\n', '\ta', 'a\u007f', 'a\u00a0', '\ufeffa'])(
    'for the header name %j',
    (name) => {
      expect(failure(object({ a: { ...MARK, 'x-mcp-header': name } }))).toMatch(/"a".*HTTP header name/);
    },
  );

  test.each([undefined, null, 5, true, ['Region'], { name: 'Region' }])('for %j instead of a header name', (name) => {
    expect(failure(object({ a: { ...MARK, 'x-mcp-header': name } }))).toMatch(/"a".*HTTP header name/);
  });

  test.each([
    ['Region', 'Region'],
    ['Region', 'REGION'],
    ['region', 'rEgIoN'],
  ])('for %s when it is repeated as %s', (first, second) => {
    const schema = (b: object) => object({ a: { ...MARK, 'x-mcp-header': first }, ...b });
    const again = { type: 'integer', 'x-mcp-header': second };
    expect(failure(schema({ b: again }))).toMatch(new RegExp(`"b" repeats "${second}"`));
    expect(failure(schema({ b: object({ c: again }) }))).toMatch(new RegExp(`"b.c" repeats "${second}"`));
  });

  test.each<[string, object]>([
    ['on the root', { ...object({}), ...MARK }],
    ['on an item', object({ a: { type: 'array', items: MARK } })],
    ['in an item', object({ a: { type: 'array', items: object({ b: MARK }) } })],
    ['on an item of a tuple', object({ a: { prefixItems: [MARK] } })],
    ['in contains', object({ a: { contains: MARK } })],
    ['in anyOf', object({ a: { anyOf: [{ type: 'null' }, MARK] } })],
    ['in anyOf of the root', { anyOf: [object({ a: MARK })] }],
    ['in oneOf', { oneOf: [object({ a: MARK })] }],
    ['in allOf', { allOf: [object({ a: MARK })] }],
    ['in not', object({ a: { not: MARK } })],
    ['in if', object({}, { if: object({ a: MARK }) })],
    ['in then', object({}, { if: true, ...Object.fromEntries([['then', object({ a: MARK })]]) })],
    ['in else', object({}, { if: false, else: object({ a: MARK }) })],
    ['in $defs, although nothing refers to it', object({}, { $defs: { a: MARK } })],
    ['in $defs, behind a $ref', object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: object({ b: MARK }) } })],
    ['in definitions', object({}, { definitions: { a: MARK } })],
    ['in additionalProperties', object({}, { additionalProperties: MARK })],
    ['in unevaluatedProperties', object({}, { unevaluatedProperties: MARK })],
    ['in patternProperties', object({}, { patternProperties: { '^a': MARK } })],
    ['in propertyNames', object({}, { propertyNames: MARK })],
    ['in dependentSchemas', object({}, { dependentSchemas: { a: object({ b: MARK }) } })],
  ])('%s', (_what, schema) => {
    expect(failure(schema)).toMatch(/reached through "properties" alone/);
  });

  test('the error names the schema and the path', () => {
    expect(failure(object({ a: object({ b: { type: 'number', 'x-mcp-header': 'B' } }) }))).toBe(
      'schema of "t": x-mcp-header at "a.b" needs the type string, integer or boolean',
    );
  });
});

describe('a header name that nginx drops', () => {
  const register = (header: string) => {
    const inputSchema = object({ a: { type: 'string', 'x-mcp-header': header } });
    new McpServer({ name: 'n', version: '1' }).registerTool(
      't',
      { inputSchema: inputSchema as JsonSchema },
      () => 'ok',
    );
  };

  test('is accepted with a warning at registration', () => {
    const emitted = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    register('Tenant-Id');
    expect(emitted).not.toHaveBeenCalled();
    register('tenant_id');
    const message = expect.stringMatching(/inputSchema of tool "t": nginx drops the header mcp-param-tenant_id/);
    expect(emitted.mock.calls).toEqual([
      [message, { type: 'McpExpressWarning', code: 'MCP_EXPRESS_HEADER_UNDERSCORE' }],
    ]);
    emitted.mockRestore();
  });
});
