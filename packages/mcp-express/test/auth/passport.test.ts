import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from 'mcp-express';
import { type PassportStrategy, passportAuth } from 'mcp-express/auth';
import passport from 'passport';
import BearerStrategy from 'passport-http-bearer';
import { deferred } from '../support/wait.js';
import { protect } from './support/protected-server.js';

interface Actions {
  success(user: unknown, info?: unknown): void;
  fail(challenge?: unknown, status?: number): void;
  redirect(url: string): void;
  pass(): void;
  error(reason: unknown): void;
}

type Asked = { readonly headers: Readonly<Record<string, string | undefined>> };

/** A strategy that does what the test sets. */
function strategyThat(act: (this: Actions, request: Asked) => unknown): PassportStrategy {
  return { authenticate: act as never };
}

describe('any Passport strategy authenticates (R41)', () => {
  test.each([
    ['an id', { id: 7 }, undefined, { subject: '7' }],
    [
      'the scopes beside the user',
      { id: 'a' },
      { scope: 'x y', exp: 9 },
      { subject: 'a', scopes: ['x', 'y'], expiresAt: 9 },
    ],
    [
      'scopes of its own first',
      { id: 'a', scope: 'z' },
      { scope: 'x', sub: 'mallory' },
      { subject: 'a', scopes: ['z'] },
    ],
    [
      'the user beside the client',
      { clientId: 'app', name: 'Robot' },
      { userId: 'u-1', scope: 'x' },
      { subject: 'u-1', clientId: 'app', scopes: ['x'] },
    ],
  ])('its user is the principal, by %s', async (_what, user, info, principal) => {
    const { call } = await protect(
      passportAuth(
        strategyThat(function () {
          this.success(user, info);
        }),
      ),
    );
    expect((await call()).json).toMatchObject(principal);
  });

  test('also when many requests are under way at once', async () => {
    const both = deferred();
    let waiting = 0;
    const strategy = strategyThat(async function (request) {
      waiting += 1;
      if (waiting === 2) both.resolve();
      await both.promise;
      this.success({ id: request.headers['x-who'] });
    });
    const { call } = await protect(passportAuth(strategy));
    const answers = await Promise.all(['a', 'b'].map((who) => call(undefined, { headers: { 'x-who': who } })));
    expect(answers.map(({ json }) => json.subject)).toEqual(['a', 'b']);
  });

  test('such as that of passport-http-bearer', async () => {
    const strategy = new BearerStrategy<object>({ passReqToCallback: true }, (_request, token, done) =>
      done(null, token === 'good' && { id: 'alice' }),
    );
    const { call } = await protect(passportAuth(strategy as PassportStrategy, { scopes: [] }));
    expect((await call('Bearer good')).json).toMatchObject({ subject: 'alice' });
    const answer = await call('Bearer bad');
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="invalid_token", error_description="The credentials are not valid"',
    ]);
  });

  test("and the application's own Passport knows nothing of it", async () => {
    const strategies = JSON.stringify(Reflect.get(passport, '_strategies'));
    passportAuth(strategyThat(() => {}));
    expect(JSON.stringify(Reflect.get(passport, '_strategies'))).toBe(strategies);
  });
});

describe('any result but a user is a refusal', () => {
  const outcomes: [string, number, string | undefined, (this: Actions) => unknown][] = [
    [
      'a failure',
      401,
      'Bearer',
      function () {
        this.fail();
      },
    ],
    [
      'a failure with another status',
      401,
      'Bearer',
      function () {
        this.fail(400);
      },
    ],
    [
      'a failure with a challenge',
      401,
      'Basic realm="shop", Bearer',
      function () {
        this.fail('Basic realm="shop"');
      },
    ],
    [
      'a failure that would break out',
      401,
      'Bearer',
      function () {
        this.fail('Basic\r\nX-Evil: 1');
      },
    ],
    [
      'a user that is false',
      401,
      'Bearer',
      function () {
        this.success(false);
      },
    ],
    [
      'a user that names nobody',
      401,
      'Bearer',
      function () {
        this.success({});
      },
    ],
    [
      'a redirect',
      401,
      'Bearer',
      function () {
        this.redirect('https://evil.example');
      },
    ],
    [
      'nothing to say',
      401,
      'Bearer',
      function () {
        this.pass();
      },
    ],
    [
      'an error',
      503,
      undefined,
      function () {
        this.error(new Error('gone'));
      },
    ],
    [
      'an error thrown',
      503,
      undefined,
      () => {
        throw new Error('gone');
      },
    ],
    [
      'an error thrown later',
      503,
      undefined,
      async () => {
        throw new Error('gone');
      },
    ],
  ];
  test.each(outcomes)('%s', async (_what, status, challenge, act) => {
    const { call } = await protect(passportAuth(strategyThat(act)));
    const answer = await call();
    expect([answer.status, answer.headers['www-authenticate'], answer.headers.location]).toEqual([
      status,
      challenge,
      undefined,
    ]);
    expect(answer.json).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32000 } });
  });

  test('as is a client with signs of a user but no id: the challenge names the missing id (R5)', async () => {
    const strategy = strategyThat(function () {
      this.success({ clientId: 'app' }, { preferred_username: 'alice' });
    });
    const { call } = await protect(passportAuth(strategy));
    const answer = await call('Bearer x');
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="invalid_token", error_description="The authenticated request names no subject: preferred_username shows that a user is involved, and no sub, userId or id says which one"',
    ]);
  });

  test('and scopes are asked for as with tokens (R46)', async () => {
    const strategy = strategyThat(function () {
      this.success({ id: 'alice', scope: 'read' });
    });
    const { call } = await protect(passportAuth(strategy, { scopes: ['write'] }));
    const answer = await call();
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      403,
      'Bearer error="insufficient_scope", error_description="Needed: write", scope="read write"',
    ]);
  });

  test('and no strategy at all stops the start', () => {
    expect(() => passportAuth({} as never)).toThrow(ConfigurationError);
  });
});
