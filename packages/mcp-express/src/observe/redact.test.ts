import { describe, expect, test } from '@jest/globals';
import { redactSecrets } from './redact.js';
import { isSecretName } from './secret-names.js';
import { withoutSecretsIn } from './secret-text.js';

const SECRET =
  `password password_confirmation passwordHash PASSWORD Password2 newPassword user-password dbpassword pAssword passWord
  pwd user_pwd passwd passcode passphrase pass dbPass smtp.pass accessKey access_key accesskey ACCESS_KEY accessKeys AWS_SECRET_ACCESS_KEY
  auth proxyAuth basic-auth authCode auth_token authentication Authorization authorizationHeader jwt idJWT JWTAssertion bearer bearerToken
  sessionId session_id SESSIONID PHPSESSID connect.sid sessionKey pin pinCode pin_code newPin cardPin cvv cvv2 CVC cardNumber
  signature x-hub-signature-256 sig hmac apiKey apikey API_KEY x-api-key APIKey apiKeys private_key privateKeyPem signingKey encryption-key
  secret clientSecret client_secret secretKey secrets token accessToken access_token refreshTokens id_token csrfToken x-xsrf cookie Set-Cookie
  cookies credentials cred otp otpCode oneTimeCode totp mfaCode 2fa verificationCode recovery_codes backupCodes securityCode codeVerifier
  client_assertion SAMLResponse seedPhrase securityAnswer ocp-apim-subscription-key dpop pässword ｐａｓｓｗｏｒｄ tokenValue
  secretkey privkey wpa_psk contraseña motdepasse JSESSIONID ASPSESSIONID cardnumber creditcard oauth_code pkceVerifier magicLink
  cookieHeader cookie_value cookieJar signature_v4 signatureBase64 x-signature-256 emailSignature`.split(/\s+/);

const ORDINARY =
  `author authors authorId authority keyboard monkey key keys keyword primaryKey foreign_key publicKey sortKey tokenCount token_type
  tokenLimit tokenizer passenger passport compass bypass boardingPass passRate passed pinned pins mapPin opinion spin shipping session
  sessionCount sessionName design assignee signal signedBy secretary secretion cookiecutter code zipCode postalCode statusCode timeCode
  countryCode id userId sessionIdea identity access accessLevel hash digest card businessCard cardColor number phoneNumber sidebar inside
  stop hotpot passwordLength passwordPolicy passwordExpiresAt secretName authType authMethod signatureAlgorithm tokenUrl cookieConsent
  idempotencyKey monkeyKey word answer phrase response verifier constructor __proto__ hasOwnProperty toString signatureDish
  signature_dish signatureDrinks fortuneCookieRecipe cookies_eaten bearerOfNews tokens_used`.split(/\s+/);

describe('names of secrets', () => {
  test.each(SECRET)('%s is secret', (name) => expect(isSecretName(name)).toBe(true));
  test.each(ORDINARY)('%s is not secret', (name) => expect(isSecretName(name)).toBe(false));
});

const JWT = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.e30.c2ln`;
const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----';

describe('secrets in texts', () => {
  test.each([
    ['https://alice:hunter2@example.com/a?b=c', 'https://[redacted]@example.com/a?b=c'],
    ['see postgres://app:hu@nt/er2@db:5432/x now', 'see postgres://[redacted]@db:5432/x now'],
    ['https://hunter2@github.com/x.git', 'https://[redacted]@github.com/x.git'],
    ['https://x.example/?page=2&access_token=hunter2#top', 'https://x.example/?page=2&access_token=[redacted]'],
    ['https://x.example/?key=hunter2&sig=hunter2&q=a', 'https://x.example/?key=[redacted]&sig=[redacted]&q=a'],
    ['https://x.example/cb#id_token=hunter2&state=a', 'https://x.example/cb#id_token=[redacted]&state=a'],
    ['https://x.example/cb?code=hunter2hunter2', 'https://x.example/cb?code=[redacted]'],
    ['Bearer hunter2', 'Bearer [redacted]'],
    ['bearer hunter', 'bearer [redacted]'],
    ['it sent Bearer hunter2.x-y_z== to us', 'it sent Bearer [redacted] to us'],
    ['Authorization: Bearer hunter2\r\nAccept: a/b', 'Authorization: Bearer [redacted]\r\nAccept: a/b'],
    ['Cookie: a=hunter2; b=hunter2', 'Cookie: [redacted]'],
    ['Authorization: Digest username="a", response="hunter2"', 'Authorization: Digest [redacted]'],
    ['authorization=hunter2 and more', 'authorization=[redacted] and more'],
    ['X-Api-Key: hunter2', 'X-Api-Key: [redacted]'],
    [`Basic ${Buffer.from('alice:hunter2').toString('base64')}`, 'Basic [redacted]'],
    [`token ${JWT}.`, 'token [redacted]'],
    [`key: ${PEM} end`, 'key: [redacted] end'],
    [PEM.slice(0, 40), '[redacted]'],
    ['Server=db;User=a;Password=hunter2;Port=1', 'Server=db;User=a;Password=[redacted];Port=1'],
    ['{"user":"a","password":"hun\\"ter2","n":1}', '{"user":"a","password":[redacted],"n":1}'],
    ['{\\"apiKey\\":\\"hunter2\\"}', '{\\"apiKey\\":[redacted]\\"}'],
    ['failed: login: password=hunter2', 'failed: login: password=[redacted]'],
    ['used sk_live_hunter2hunter2 and AKIAHUNTER2HUNTER2', 'used [redacted] and [redacted]'],
  ])('%s', (text, clean) => {
    expect(withoutSecretsIn(text)).toBe(clean);
    expect(withoutSecretsIn(clean)).toBe(clean);
  });

  test.each([
    'https://example.com/@alice/posts?page=2',
    'http://[::1]:3000/a@b',
    'http://localhost:3000/a@b',
    'mail bob@example.com: the author is Ann, tokenCount=5',
    'Basic authentication is refused',
    'the bearer of good news',
    'Bearer token expected',
    '{"prompt_tokens": 12, "total_tokens": 15}',
    'input_tokens=12&output_tokens=3',
    'Bearer error="invalid_token"',
    'keyboard: qwerty; monkey=banana',
    '12:30:45 said the secretary: 2 = 1 + 1',
    '',
  ])('leaves alone: %s', (text) => expect(withoutSecretsIn(text)).toBe(text));

  test.each([
    'a='.repeat(50_000),
    'Bearer '.repeat(20_000),
    `a="${'\\"'.repeat(50_000)}`,
    'a'.repeat(100_000),
    '-----BEGIN A-----'.repeat(9_000),
    'x://'.repeat(40_000),
    'password:'.repeat(20_000),
  ])('takes time proportional to the length (%#)', (text) => {
    const short = timed(text.slice(0, text.length / 8));
    expect(timed(text)).toBeLessThan(Math.max(8 * 8 * short, 400));
  });
});

function timed(text: string): number {
  const begun = performance.now();
  withoutSecretsIn(text);
  return performance.now() - begun;
}

describe('redacted values', () => {
  test('are found at any depth, in arrays, maps, pairs and command lines', () => {
    const given = {
      user: { name: 'Ann', login: [{ pwd: 'hunter2', ok: true }] },
      headers: [
        { name: 'Authorization', value: 'hunter2' },
        { name: 'Accept', value: 'a/b' },
        ['X-Api-Key', 'hunter2'],
      ],
      map: new Map([
        ['refresh_token', 'hunter2'],
        ['author', 'Ann'],
      ]),
      query: new URLSearchParams('sid=hunter2&page=2'),
      url: new URL('https://a:hunter2@example.com/'),
      session: { id: 'hunter2', topic: 'plans' },
      args: ['run', '--password', 'hunter2', '--token=hunter2', '--author', 'Ann'],
      credentials: { anything: ['hunter2'] },
      set: new Set(['Bearer hunter2']),
    };
    expect(redactSecrets(given)).toEqual({
      user: { name: 'Ann', login: [{ pwd: '[redacted]', ok: true }] },
      headers: [
        { name: 'Authorization', value: '[redacted]' },
        { name: 'Accept', value: 'a/b' },
        ['X-Api-Key', '[redacted]'],
      ],
      map: { refresh_token: '[redacted]', author: 'Ann' },
      query: { sid: '[redacted]', page: '2' },
      url: 'https://[redacted]@example.com/',
      session: { id: '[redacted]', topic: 'plans' },
      args: ['run', '--password', '[redacted]', '--token=[redacted]', '--author', 'Ann'],
      credentials: '[redacted]',
      set: ['Bearer [redacted]'],
    });
  });

  test('are found where a flat array or another member names them', () => {
    const rawHeaders = ['Host', 'a', 'X-Api-Key', 'hunter2', 'Accept', 'token'];
    expect(redactSecrets({ rawHeaders })).toEqual({
      rawHeaders: ['Host', 'a', 'X-Api-Key', '[redacted]', 'Accept', 'token'],
    });
    for (const name of ['id', 'type', 'path', 'column', 'attribute', 'k']) {
      expect(redactSecrets({ [name]: 'user.password', value: 'hunter2', v: 'hunter2', oldValue: 'hunter2' })).toEqual({
        ...{ [name]: 'user.password', value: '[redacted]', v: '[redacted]', oldValue: '[redacted]' },
      });
      expect(redactSecrets({ [name]: 'user.colour', value: 'red' })).toEqual({ [name]: 'user.colour', value: 'red' });
    }
    expect(redactSecrets({ columns: ['id', 'token', 'email', 'author'] })).toEqual({
      columns: ['id', 'token', 'email', 'author'],
    });
  });

  test('do not include counts and values that cannot be secrets', () => {
    const given = { hasPassword: true, token: null, maxTokens: 4096, tokens: 12, pinned: 'x', key: 'name', n: 1 };
    expect(redactSecrets(given)).toEqual(given);
    expect(redactSecrets({ pin: 1234, token: 123456 })).toEqual({ pin: '[redacted]', token: '[redacted]' });
  });

  test('include the added members and causes of errors', () => {
    const cause = new Error('no Authorization: Bearer hunter2');
    const error = Object.assign(new TypeError('failed with password=hunter2', { cause }), {
      code: 'E1',
      apiKey: 'hunter2',
    });
    const copy = redactSecrets(error);
    expect(copy).toMatchObject({
      name: 'TypeError',
      message: 'failed with password=[redacted]',
      code: 'E1',
      apiKey: '[redacted]',
      cause: { message: 'no Authorization: Bearer [redacted]' },
    });
    expect(JSON.stringify(copy)).not.toContain('hunter2');
  });

  test('are limited in size for any value', () => {
    const wide = Object.fromEntries(Array.from({ length: 300_000 }, (_, n) => [`k${n}`, 'x'.repeat(10)]));
    const list = Array.from({ length: 100_000 }, () => ({ a: 'x'.repeat(100), b: [1, 2, 3] }));
    for (const value of ['x'.repeat(4e6), wide, list, { ['k'.repeat(4e6)]: 1 }, [[list, list], wide]]) {
      expect(JSON.stringify(redactSecrets(value)).length).toBeLessThan(200_000);
    }
    expect(redactSecrets('x'.repeat(3_000))).toBe(`${'x'.repeat(2_000)}… [cut: 3000 characters]`);
    expect(redactSecrets([...'x'.repeat(101)])).toHaveLength(101);
    expect((redactSecrets([...'x'.repeat(103)]) as string[]).at(-1)).toBe('[3 more]');
  });

  test('include secrets at the end of a cut text', () => {
    const text = `${'x '.repeat(996)}${JWT}${JWT}`;
    expect(redactSecrets(text)).not.toContain('eyJ');
  });

  test('never throw', () => {
    const circle: Record<string, unknown> = {
      big: 1n,
      sign: Symbol('s'),
      run: () => 1,
      when: new Date(0),
      bytes: new Uint8Array(3),
    };
    circle['self'] = circle;
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const odd = {
      get angry(): never {
        throw new Error('no');
      },
    };
    expect(redactSecrets(circle)).toEqual({
      big: '1',
      sign: '[symbol]',
      when: '1970-01-01T00:00:00.000Z',
      bytes: '[3 bytes]',
      self: '[circular]',
    });
    expect(redactSecrets({ proxy, odd })).toEqual({ proxy: '[unreadable]', odd: '[unreadable]' });
    expect(redactSecrets(JSON.parse('{"__proto__":{"password":"hunter2"}}'))).toEqual(
      JSON.parse('{"__proto__":{"password":"[redacted]"}}'),
    );
  });
});
