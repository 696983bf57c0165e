import { describe, expect, test } from '@jest/globals';
import type { HeaderParam } from '../features/tools/tool-headers.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest, Params } from '../protocol/json-rpc.js';
import {
  argumentsOf,
  assertParamHeaders,
  assertStandardHeaders,
  assertStandardHeadersIfPresent,
  type HeaderSource,
} from './standard-headers.js';

/** Headers in the form of Node, which joins copies. */
function source(sent: Readonly<Record<string, string | readonly string[]>>): HeaderSource {
  const entries = Object.entries(sent).map(([name, value]) => [name, [value].flat()] as const);
  return {
    headers: Object.fromEntries(entries.map(([name, values]) => [name, values.join(', ')])),
    copiesOf: (name) => entries.find(([own]) => own === name)?.[1].length ?? 0,
  };
}

const request = (method: string, params?: Params): JsonRpcRequest => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  ...(params === undefined ? {} : { params }),
});

/** The code of the error that `act` throws; `undefined` if it succeeds. */
function outcome(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    return McpError.is(thrown) ? thrown.code : `not an McpError: ${thrown}`;
  }
}

const base64 = (text: string): string => `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;

const param = (...path: string[]): HeaderParam => ({ path, header: 'mcp-param-p' });
const paramOutcome = (sent: string | readonly string[] | undefined, args: unknown, path: string[] = ['p']) =>
  outcome(() => assertParamHeaders(source(sent === undefined ? {} : { 'mcp-param-p': sent }), [param(...path)], args));

describe('a name as Base64 (R32)', () => {
  const TEXTS = [
    '',
    ' ',
    'a',
    'ab',
    'abc',
    'a, b',
    'ä',
    '\ufeff',
    '世界',
    '👩‍👩‍👧',
    '\u0000',
    '\r\nx: y',
    '=?base64?YQ==?=',
    '"',
  ];

  test.each(TEXTS)('%j matches its own Base64 and no other (R32)', (name) => {
    const get = (sent: string) =>
      outcome(() =>
        assertStandardHeaders(
          source({ 'mcp-method': 'prompts/get', 'mcp-name': sent }),
          request('prompts/get', { name }),
        ),
      );
    expect(get(base64(name))).toBeUndefined();
    for (const other of TEXTS)
      if (other !== name) expect([other, get(base64(other))]).toEqual([other, 'header-mismatch']);
  });

  test('a change of any character is a mismatch (R32)', () => {
    const name = 'tool-ä';
    const good = base64(name);
    for (let at = 0; at < good.length; at += 1) {
      for (const other of ['A', 'z', '0', '+', '/', '=', '?', ' ', '-', '_', '']) {
        const bent = `${good.slice(0, at)}${other}${good.slice(at + 1)}`;
        if (bent === good) continue;
        const sent = source({ 'mcp-method': 'tools/call', 'mcp-name': bent });
        expect([bent, outcome(() => assertStandardHeaders(sent, request('tools/call', { name })))]).toEqual([
          bent,
          'header-mismatch',
        ]);
      }
    }
  });

  test('500 random names match their own encoding and no other (R32)', () => {
    const random = (): string =>
      String.fromCodePoint(
        ...Array.from({ length: Math.floor(Math.random() * 8) }, () => Math.floor(Math.random() * 0xd7ff)),
      );
    for (let round = 0; round < 500; round += 1) {
      const [name, other] = [random(), random()];
      expect([name, paramOutcome(base64(name), { p: name })]).toEqual([name, undefined]);
      if (name !== other) expect(paramOutcome(base64(other), { p: name })).toBe('header-mismatch');
    }
  });
});

describe('a number and its header (R32)', () => {
  test.each(['42', '42.0', '42.000', '4.2e1', '420E-1', '042', base64('42')])('%j equals 42 (R32)', (sent) => {
    expect(paramOutcome(sent, { p: 42 })).toBeUndefined();
  });

  test('0 may have a sign, and integers beyond 53 bits do not match (R32)', () => {
    expect(['0', '-0', '0.0'].map((sent) => paramOutcome(sent, { p: 0 }))).toEqual([undefined, undefined, undefined]);
    expect(paramOutcome('0', { p: -0 })).toBeUndefined();
    expect(paramOutcome('9007199254740991', { p: Number.MAX_SAFE_INTEGER })).toBeUndefined();
    expect(paramOutcome('9007199254740993', { p: 9007199254740992 })).toBe('header-mismatch');
    expect(paramOutcome('9007199254740992', { p: 9007199254740992 })).toBe('header-mismatch');
  });

  test.each(['', ' ', '43', '+42', '42,0', '42.', '.42e2', '0x2a', '0b101010', '42n', '4_2', '٤٢', 'Infinity', 'NaN'])(
    '%j matches no number (R32)',
    (sent) => {
      for (const p of [42, 0, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect([p, paramOutcome(sent, { p })]).toEqual([p, 'header-mismatch']);
      }
    },
  );

  test('strings that look like numbers are compared as strings (R32)', () => {
    expect(paramOutcome('42', { p: '42' })).toBeUndefined();
    expect(paramOutcome('42.0', { p: '42' })).toBe('header-mismatch');
  });

  test('true and false have one spelling each (R32)', () => {
    expect([paramOutcome('true', { p: true }), paramOutcome('false', { p: false })]).toEqual([undefined, undefined]);
    for (const sent of ['True', 'TRUE', '1', '0', '', 'yes', 'null']) {
      for (const p of [true, false]) expect([sent, paramOutcome(sent, { p })]).toEqual([sent, 'header-mismatch']);
    }
  });
});

describe('an absent argument (R32)', () => {
  const NOT_THERE: readonly unknown[] = [
    undefined,
    null,
    5,
    'p',
    [],
    ['p'],
    {},
    { p: null },
    { p: undefined },
    JSON.parse('{"__proto__":{"p":"x"}}'),
  ];

  test.each(NOT_THERE.map((args) => [args]))('in %j: a header is refused, none is accepted (R32)', (args) => {
    expect(paramOutcome(undefined, args)).toBeUndefined();
    for (const sent of ['', 'x', 'null', 'undefined', base64('')])
      expect(paramOutcome(sent, args)).toBe('header-mismatch');
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length'])(
    'the inherited member %s does not count as an argument (R32)',
    (name) => {
      expect(paramOutcome(undefined, {}, [name])).toBeUndefined();
      expect(paramOutcome(undefined, { p: {} }, ['p', name])).toBeUndefined();
      expect(paramOutcome('x', JSON.parse(`{${JSON.stringify(name)}:"x"}`), [name])).toBeUndefined();
      expect(paramOutcome(undefined, JSON.parse(`{${JSON.stringify(name)}:"x"}`), [name])).toBe('header-mismatch');
    },
  );

  test('strings and arrays have no members (R32)', () => {
    expect(paramOutcome('1', { p: ['x'] }, ['p', 'length'])).toBe('header-mismatch');
    expect(paramOutcome('x', { p: ['x'] }, ['p', '0'])).toBe('header-mismatch');
  });

  test('values of other types do not match a header (R32)', () => {
    for (const value of [{}, [], ['x'], { toString: 'x' }]) {
      // Values that equal the header as text are left to the tool's schema. All others are a mismatch.
      expect(paramOutcome('something else', { p: value })).toBe('header-mismatch');
    }
  });
});

describe('copies of a header (R32)', () => {
  test.each(['mcp-method', 'mcp-name'])(
    'two copies of %s are refused in every revision, even if both match or are empty (R32)',
    (name) => {
      const good = { 'mcp-method': 'tools/call', 'mcp-name': 'a' };
      const right = good[name as keyof typeof good];
      for (const copies of [
        [right, right],
        [right, ''],
        ['', right],
        ['', ''],
        [right, 'b'],
      ]) {
        const sent = source({ ...good, [name]: copies });
        for (const check of [assertStandardHeaders, assertStandardHeadersIfPresent]) {
          expect(outcome(() => check(sent, request('tools/call', { name: 'a' })))).toBe('header-mismatch');
        }
      }
      expect(paramOutcome(['x', 'x'], { p: 'x, x' })).toBe('header-mismatch');
      expect(paramOutcome('x, x', { p: 'x, x' })).toBeUndefined();
    },
  );
});

describe('a request of a session (R32)', () => {
  test('may omit the headers, but those present must match (R32)', () => {
    const check = (sent: Record<string, string>, method = 'tools/call', params: Params = { name: 'a' }) =>
      outcome(() => assertStandardHeadersIfPresent(source(sent), request(method, params)));
    expect(check({})).toBeUndefined();
    expect(check({ 'mcp-name': 'a' })).toBeUndefined();
    expect(check({ 'mcp-name': base64('a') })).toBeUndefined();
    expect(check({ 'mcp-method': 'tools/call', 'mcp-name': 'a' })).toBeUndefined();
    for (const sent of [{ 'mcp-name': 'b' }, { 'mcp-name': '' }, { 'mcp-method': 'ping' }, { 'mcp-method': '' }]) {
      expect([sent, check(sent)]).toEqual([sent, 'header-mismatch']);
    }
    expect(check({ 'mcp-name': 'x' }, 'tools/call', {})).toBe('header-mismatch');
    expect(check({ 'mcp-name': 'undefined' }, 'tools/call', {})).toBe('header-mismatch');
  });
});

test('argumentsOf returns the arguments of any type (R32)', () => {
  expect(argumentsOf(undefined)).toBeUndefined();
  expect(argumentsOf({ arguments: 5 })).toBe(5);
});
