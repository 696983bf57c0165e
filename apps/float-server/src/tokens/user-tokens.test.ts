import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ConfigError, describeConfig, readConfig, secretsOf } from '../config.js';
import { readUserTokens } from './user-tokens.js';

const folder = mkdtempSync(join(tmpdir(), 'float-tokens-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(content: unknown, mode = 0o600): string {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  chmodSync(path, mode);
  return path;
}

const ANN = { subject: 'ann', token: 'token-of-ann' };
const HASH = 'ab'.repeat(32);

describe('the file with the tokens of people', () => {
  test('maps callers to tokens', () => {
    const tokens = [ANN, { issuer: 'https://id.acme.com', subject: 'ann', token: 'other-token' }];
    expect(readUserTokens(fileOf({ tokens }))).toEqual(tokens);
  });

  test.each([
    ['not JSON', '{"tokens": [token-of-ann', /^is not JSON$/],
    ['another form', { ann: 'token-of-ann' }, /cannot be used: .*tokens/],
    ['a token with a line break', { tokens: [{ subject: 'ann', token: 'token-of-ann\n' }] }, /tokens\.0\.token/],
    ['a name that is not known', { tokens: [{ ...ANN, user: 'x' }] }, /tokens\.0 \(unrecognized_keys\)/],
    [
      'a subject twice',
      { tokens: [ANN, { ...ANN, token: 'token-of-ann-2' }] },
      /has two entries for one subject: tokens\.1/,
    ],
  ])('is refused, and not repeated: %s', (_what, content, message) => {
    const path = fileOf(content);
    expect(() => readUserTokens(path)).toThrow(message);
    expect(() => readUserTokens(path)).not.toThrow('token-of-ann');
  });

  test.each([0o640, 0o604, 0o622, 0o660])('is refused when others may read or write it: %o', (mode) => {
    expect(() => readUserTokens(fileOf({ tokens: [ANN] }, mode))).toThrow(
      'may be read by others than its owner: chmod 600',
    );
  });
});

describe('FLOAT_TOKENS_FILE', () => {
  const path = fileOf({ tokens: [ANN] });
  const env = { API_KEY_HASHES: `ann=${HASH}`, FLOAT_TOKENS_FILE: path };

  test('alone rejects other callers; with a shared key they use it', () => {
    const { source } = readConfig(env);
    expect(source).toMatchObject({ kind: 'float', apiKey: undefined, tokens: [ANN] });
    const shared = readConfig({ ...env, FLOAT_WITHOUT_TOKEN: 'shared', FLOAT_API_KEY: 'key-of-all' });
    expect(shared.source).toMatchObject({ apiKey: 'key-of-all', tokens: [ANN] });
    expect(secretsOf(shared)).toEqual(['key-of-all', 'token-of-ann']);
    expect(JSON.stringify(describeConfig(shared))).not.toMatch(/key-of-all|token-of-ann/);
    expect(describeConfig(shared)).toMatchObject({ source: { subjectsOfTheirOwn: ['ann'] } });
  });

  test.each([
    [{ API_KEY_HASHES: '' }, /FLOAT_TOKENS_FILE needs API_KEY_HASHES or OAUTH_ISSUER/],
    [{ FLOAT_API_KEY: 'key-of-all' }, /set FLOAT_WITHOUT_TOKEN=shared/],
    [{ FLOAT_API_KEY: 'key-of-all', FLOAT_WITHOUT_TOKEN: 'refuse' }, /set FLOAT_WITHOUT_TOKEN=shared/],
    [{ FLOAT_WITHOUT_TOKEN: 'shared' }, /used together with FLOAT_API_KEY/],
    [{ FLOAT_WITHOUT_TOKEN: 'maybe' }, /must be shared or refuse/],
    [{ SANDBOX_DATABASE: 'x.db' }, /unset when FLOAT_TOKENS_FILE is set/],
  ])('with %j stops the start', (more, message) => {
    expect(() => readConfig({ ...env, ...more })).toThrow(ConfigError);
    expect(() => readConfig({ ...env, ...more })).toThrow(message);
  });
});
