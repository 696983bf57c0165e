import { describe, expect, jest, test } from '@jest/globals';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest, Params } from '../protocol/json-rpc.js';
import { type StateContext, StateSealer } from './request-state.js';

const OLD = 'o'.repeat(32);
const NEW = new Uint8Array(32).fill(1);
const KEPT = { answers: { 'elicitation-1': { action: 'accept', content: { word: 'hunter2' } } }, own: { step: [1] } };

const sealerOf = (keys: readonly (string | Uint8Array)[] = [OLD], server = 's', ttlMs = 60_000): StateSealer =>
  new StateSealer(keys, server, ttlMs);

function of(params: Params | undefined, owner = 'alice', method = 'tools/call'): StateContext {
  const request: JsonRpcRequest = { jsonrpc: '2.0', id: 1, method, ...(params === undefined ? {} : { params }) };
  return { owner, request };
}

const CALL = of({ name: 't', arguments: { a: 1, b: { c: [2, { d: 3 }] } } });

/** The code of the error that opening throws; `undefined` if it succeeds. */
function refusalOf(sealer: StateSealer, context: StateContext, text: unknown): string | undefined {
  try {
    sealer.open(context, text);
    return undefined;
  } catch (thrown) {
    return McpError.is(thrown) ? thrown.code : `no error of ours: ${String(thrown)}`;
  }
}

describe('a sealed state (R31)', () => {
  test('opens unchanged, with an id and an expiry time', () => {
    const sealer = sealerOf();
    const before = Date.now();
    const state = sealer.open(CALL, sealer.seal(CALL, KEPT));
    expect(state).toEqual({ ...KEPT, id: expect.stringMatching(/^[\w-]{22}$/), expiresAt: expect.any(Number) });
    expect(state.expiresAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(state.expiresAt).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test.each([null, 0, '', false, 'ü\u0000\ud83d\ude00', [[]], { __proto__x: 1 }])(
    'keeps the value %j of the handler',
    (own) => {
      const sealer = sealerOf();
      expect(sealer.open(CALL, sealer.seal(CALL, { answers: {}, own })).own).toEqual(own);
    },
  );

  test('has another text and another id each time', () => {
    const sealer = sealerOf();
    const texts = Array.from({ length: 100 }, () => sealer.seal(CALL, KEPT));
    expect(new Set(texts).size).toBe(100);
    expect(new Set(texts.map((text) => sealer.open(CALL, text).id)).size).toBe(100);
    for (const text of texts) expect(text).toMatch(/^[\w-]+$/);
  });

  test('reveals neither its content nor its binding', () => {
    const bytes = Buffer.from(sealerOf().seal(CALL, KEPT), 'base64url').toString('latin1');
    expect(bytes).not.toMatch(/hunter2|word|elicitation|alice|tools|answers|expiresAt/);
  });
});

describe('binding to the request (R31)', () => {
  test.each<[string, StateContext]>([
    ['another owner', of(CALL.request.params, 'bob')],
    ['an anonymous owner', of(CALL.request.params, '')],
    ['another method', of(CALL.request.params, 'alice', 'prompts/get')],
    ['another name', of({ ...CALL.request.params, name: 'u' })],
    ['a URI for a name', of({ uri: 't', arguments: { a: 1, b: { c: [2, { d: 3 }] } } })],
    ['no parameters', of(undefined)],
    ['other arguments', of({ name: 't', arguments: { a: 2, b: { c: [2, { d: 3 }] } } })],
    ['another order of items', of({ name: 't', arguments: { a: 1, b: { c: [{ d: 3 }, 2] } } })],
    ['an argument of another type', of({ name: 't', arguments: { a: '1', b: { c: [2, { d: 3 }] } } })],
    ['another nesting', of({ name: 't', arguments: { a: 1, b: { c: [2, { d: 3 }] }, d: 3 } })],
    ['pairs instead of an object', of({ name: 't', arguments: { a: 1, b: { c: [2, [['d', 3]]] } } })],
    ['ambiguous concatenation', of({ name: 't', arguments: CALL.request.params?.['arguments'] }, 'alice","tools')],
  ])('%s is refused', (_what, context) => {
    const sealer = sealerOf();
    expect(refusalOf(sealer, context, sealer.seal(CALL, KEPT))).toBe('state-refused');
  });

  test.each<[string, Params]>([
    ['the order of members', { arguments: { b: { c: [2, { d: 3 }] }, a: 1 }, name: 't' }],
    ['members outside the binding', { ...CALL.request.params, _meta: { x: 1 }, inputResponses: {}, requestState: '' }],
  ])('%s makes no difference', (_what, params) => {
    const sealer = sealerOf();
    expect(refusalOf(sealer, of(params), sealer.seal(CALL, KEPT))).toBeUndefined();
  });

  test('the id of the request makes no difference', () => {
    const sealer = sealerOf();
    const again = { ...CALL, request: { ...CALL.request, id: 'other' } };
    expect(refusalOf(sealer, again, sealer.seal(CALL, KEPT))).toBeUndefined();
  });

  test('a member named __proto__ is bound like any other', () => {
    const sealer = sealerOf();
    const withProto = of({ name: 't', arguments: JSON.parse('{"__proto__":{"a":1}}') });
    const text = sealer.seal(withProto, KEPT);
    expect(refusalOf(sealer, withProto, text)).toBeUndefined();
    for (const other of ['{}', '{"__proto__":{"a":2}}']) {
      expect(refusalOf(sealer, of({ name: 't', arguments: JSON.parse(other) }), text)).toBe('state-refused');
    }
  });

  test('arguments nested too deeply to walk give invalid-params', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const sealer = sealerOf();
    expect(refusalOf(sealer, of({ name: 't', arguments: { deep } }), sealer.seal(CALL, KEPT))).toBe('invalid-params');
  });
});

describe('refused states (R31)', () => {
  test('any changed bit', () => {
    const sealer = sealerOf();
    const bytes = Buffer.from(sealer.seal(CALL, KEPT), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(refusalOf(sealer, CALL, flipped.toString('base64url'))).toBe('state-refused');
    }
  });

  test('any changed character, even in the unused bits of Base64', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const word of ['a', 'ab', 'abc']) {
      const sealer = sealerOf();
      const text = sealer.seal(CALL, { answers: {}, own: word });
      for (const [at, character] of [...text].entries()) {
        const next = alphabet[(alphabet.indexOf(character) + 1) % 64];
        expect(refusalOf(sealer, CALL, `${text.slice(0, at)}${next}${text.slice(at + 1)}`)).toBe('state-refused');
      }
    }
  });

  test('every prefix and suffix', () => {
    const sealer = sealerOf();
    const text = sealer.seal(CALL, KEPT);
    for (let at = 1; at <= text.length; at += 1) {
      expect(refusalOf(sealer, CALL, text.slice(at))).toBe('state-refused');
      expect(refusalOf(sealer, CALL, text.slice(0, -at))).toBe('state-refused');
    }
  });

  test('another spelling of the same bytes', () => {
    const sealer = sealerOf();
    const text = sealer.seal(CALL, KEPT);
    const padded = `${text}${'='.repeat((4 - (text.length % 4)) % 4 || 1)}`;
    for (const other of [padded, ` ${text}`, `${text}\n`, `${text.slice(0, 9)}.${text.slice(9)}`]) {
      expect(refusalOf(sealer, CALL, other)).toBe('state-refused');
    }
  });

  test.each([undefined, null, 0, true, {}, [], [''], ''])('%j, which is not a state', (text) => {
    expect(refusalOf(sealerOf(), CALL, text)).toBe('state-refused');
  });

  test('states of another server or sealed with other keys', () => {
    const text = sealerOf().seal(CALL, KEPT);
    expect(refusalOf(sealerOf([OLD], 'other'), CALL, text)).toBe('state-refused');
    expect(refusalOf(sealerOf([NEW]), CALL, text)).toBe('state-refused');
    expect(refusalOf(sealerOf([OLD]), CALL, text)).toBeUndefined();
  });

  test('a state from the millisecond of its expiry on', () => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    try {
      const sealer = sealerOf([OLD], 's', 500);
      const text = sealer.seal(CALL, KEPT);
      clock.mockReturnValue(1_000_499);
      expect(refusalOf(sealer, CALL, text)).toBeUndefined();
      clock.mockReturnValue(1_000_500);
      expect(refusalOf(sealer, CALL, text)).toBe('state-refused');
    } finally {
      clock.mockRestore();
    }
  });
});

describe('keys (R31)', () => {
  test('the first key seals, every key opens', () => {
    const rotated = sealerOf([NEW, OLD]);
    expect(refusalOf(rotated, CALL, sealerOf([OLD]).seal(CALL, KEPT))).toBeUndefined();
    const text = rotated.seal(CALL, KEPT);
    expect(refusalOf(sealerOf([NEW]), CALL, text)).toBeUndefined();
    expect(refusalOf(sealerOf([OLD]), CALL, text)).toBe('state-refused');
  });

  test('a string and its bytes are the same key', () => {
    const text = sealerOf([OLD]).seal(CALL, KEPT);
    expect(refusalOf(sealerOf([Buffer.from(OLD)]), CALL, text)).toBeUndefined();
  });
});
