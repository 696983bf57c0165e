import fc from 'fast-check';
import { REVISION } from '../../spec/modern/client.js';
import { KEYS } from '../advisories/two-principals.js';
import { content } from './messages.js';

/** One request as it will be sent. Session ids stand as words, for those of the moment. */
export interface FuzzRequest {
  readonly method: string;
  readonly token: string | undefined;
  readonly session: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  readonly chunked: boolean;
}

/** Text of a header: anything but what ends it. */
const headerValue = fc.oneof(
  fc.constantFrom('', ' ', ',', ';', 'null', '*', '*/*', '=?base64?AAAA?=', '=?base64?!?=', 'x'.repeat(9_000)),
  fc.string({ unit: fc.constantFrom(...'aA0 ,;=/"\\%\u00e9\t'), maxLength: 30 }),
);

const header = fc.oneof(
  fc.tuple(
    fc.constant('accept'),
    fc.constantFrom('application/json', 'text/event-stream', '*/*', 'image/png', '', 'a/b;q=x'),
  ),
  fc.tuple(
    fc.constant('content-type'),
    fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-16', ''),
  ),
  fc.tuple(
    fc.constant('mcp-protocol-version'),
    fc.constantFrom('2025-03-26', '2025-11-25', REVISION, '1999-01-01', ''),
  ),
  fc.tuple(
    fc.constant('last-event-id'),
    fc.oneof(headerValue, fc.constantFrom('AAAAAAAAAAAAAAAAAAAAAA.0', 'x.1', '.', '__proto__.0')),
  ),
  fc.tuple(
    fc.constantFrom(
      'mcp-method',
      'mcp-name',
      'mcp-param-text',
      'mcp-session-id',
      'origin',
      'content-encoding',
      'x-forwarded-for',
    ),
    headerValue,
  ),
  fc.tuple(
    fc.constantFrom('traceparent', 'dpop', 'cookie', 'if-none-match', 'range', 'sec-fetch-site', 'forwarded'),
    headerValue,
  ),
) as fc.Arbitrary<[string, string]>;

/** Who calls, in whose session. Most of the time in a session of their own, or in none. */
const identity: fc.Arbitrary<readonly [token: string | undefined, session: string | undefined]> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<readonly [string, string | undefined]>(
      [KEYS.alice, 'alice'],
      [KEYS.aliceAgain, 'alice'],
      [KEYS.bob, 'bob'],
      [KEYS.alice, undefined],
      [KEYS.bob, undefined],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom(undefined, KEYS.alice, KEYS.bob, 'of-nobody', '', 'x'.repeat(9_000)),
      fc.constantFrom(undefined, 'alice', 'bob', 'ended', 'garbage', 'A'.repeat(32), 'x'.repeat(9_000)),
    ),
  },
);
const verb = fc.oneof(
  { weight: 12, arbitrary: fc.constant('POST') },
  { weight: 3, arbitrary: fc.constant('GET') },
  { weight: 1, arbitrary: fc.constantFrom('DELETE', 'PUT', 'PATCH', 'OPTIONS', 'HEAD', 'QUERY') },
);

export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc
  .record({
    method: verb,
    identity,
    more: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(header, { maxLength: 3 }) },
    ),
    content,
    chunked: fc.boolean(),
  })
  .map(({ method, identity: [token, session], more, content: [body, headers], chunked }) => {
    const sent = method === 'POST' || method === 'PUT' || method === 'PATCH' ? body : undefined;
    const repeated = sent === undefined ? [] : headers;
    return { method, token, session, headers: [...repeated, ...more], body: sent, chunked };
  });
