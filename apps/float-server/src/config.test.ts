import { describe, expect, test } from '@jest/globals';
import express from 'express';
import type { Principal } from 'mcp-express';
import { callerOf } from './config/callers.js';
import { ConfigError, describeConfig, readConfig, secretsOf } from './config.js';

const KEY = 'k-1234567890';

describe('configuration', () => {
  test.each([[{}], [Object.assign(Object.create(null), {})], [{ PORT: undefined, HOST: '', LOG_LEVEL: ' ' }]])(
    '%j gives the defaults: the sandbox in memory, sessions in a file, on loopback',
    (env) => {
      expect(readConfig(env)).toEqual({
        host: '127.0.0.1',
        port: 3000,
        otlp: false,
        allowedHosts: undefined,
        source: { kind: 'sandbox', database: ':memory:' },
        access: { kind: 'anyone' },
        store: expect.stringMatching(/^lmdb:[/\\].*float-server.3000$/),
        toolsets: ['consolidated'],
        timeoutMs: 15_000,
        people: { bySubject: new Map(), anonymous: undefined },
        pollSeconds: 60,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        logLevel: 'info',
      });
    },
  );

  test('a key means the real service', () => {
    const { source } = readConfig({ FLOAT_API_KEY: ` ${KEY}\n`, FLOAT_CONTACT_EMAIL: 'ops@acme.com' });
    expect(source).toEqual({
      kind: 'float',
      apiKey: KEY,
      tokens: [],
      apiUrl: 'https://api.float.com/v3',
      userAgent: 'mcp-express float-server/0.1.0 (ops@acme.com)',
    });
  });

  test.each(['0.0.0.0', '::', '192.0.2.7', 'float.internal', '127.0.0.1.example.com'])(
    'on %s a server without authentication does not start, unless ALLOW_ANYONE is set',
    (HOST) => {
      expect(() => readConfig({ HOST })).toThrow(/API_KEY_HASHES or OAUTH_ISSUER, or ALLOW_ANYONE=true/);
      expect(() => readConfig({ HOST, ALLOW_ANYONE: 'false' })).toThrow(ConfigError);
      expect(() => readConfig({ HOST, ALLOW_ANYONE: 'yes' })).toThrow('ALLOW_ANYONE must be true or false');
      expect(readConfig({ HOST, ALLOW_ANYONE: 'true' }).access).toEqual({ kind: 'anyone' });
      expect(readConfig({ HOST, API_KEY_HASHES: `a=${'0'.repeat(64)}` }).access.kind).toBe('keys');
    },
  );

  test.each(['127.0.0.1', '127.8.8.8', 'localhost', '::1'])('%s is loopback', (HOST) => {
    expect(readConfig({ HOST }).access).toEqual({ kind: 'anyone' });
  });

  test('statistics are served on STATS_PORT only', () => {
    expect(readConfig({}).stats).toBeUndefined();
    expect(readConfig({ STATS_PORT: '0' }).stats).toEqual({ host: '127.0.0.1', port: 0 });
    expect(readConfig({ METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }).otlp).toBe(true);
    expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'true' }).otlp).toBe(false);
    expect(readConfig({ STATS_PORT: '9', STATS_HOST: '::' }).stats).toEqual({ host: '::', port: 9 });
    expect(() => readConfig({ STATS_HOST: '::' })).toThrow('STATS_HOST must be used together with STATS_PORT');
    expect(() => readConfig({ STATS_PORT: 'x' })).toThrow('STATS_PORT must be a whole number');
  });

  test('every variable', () => {
    const env = {
      HOST: '0.0.0.0',
      PORT: '0',
      ALLOWED_HOSTS: 'mcp.acme.com, localhost',
      TRUST_PROXY: '1',
      SANDBOX_DATABASE: '/tmp/float.db',
      OAUTH_ISSUER: 'https://id.acme.com',
      PUBLIC_URL: 'https://mcp.acme.com/mcp',
      OAUTH_SCOPES: 'plan:read, plan:write',
      FLOAT_TIMEOUT_MS: '2000',
      FLOAT_POLL_SECONDS: '0',
      FLOAT_TOOLSET: 'granular, aliases',
      FLOAT_TIME_ZONE: 'Europe/Berlin',
      LOG_LEVEL: 'debug',
    };
    expect(readConfig(env)).toEqual({
      host: '0.0.0.0',
      port: 0,
      otlp: false,
      allowedHosts: ['mcp.acme.com', 'localhost'],
      trustProxy: 1,
      source: { kind: 'sandbox', database: '/tmp/float.db' },
      access: {
        kind: 'oauth',
        issuer: 'https://id.acme.com',
        publicUrl: 'https://mcp.acme.com/mcp',
        scopes: ['plan:read', 'plan:write'],
      },
      store: 'memory',
      toolsets: ['granular', 'aliases'],
      timeoutMs: 2000,
      people: { bySubject: new Map(), anonymous: undefined },
      pollSeconds: 0,
      timeZone: 'Europe/Berlin',
      logLevel: 'debug',
    });
    const agent = { FLOAT_API_KEY: KEY, FLOAT_USER_AGENT: 'Acme (a@b.c)', FLOAT_API_URL: 'http://127.0.0.1:9/v3/' };
    expect(readConfig(agent).source).toMatchObject({ userAgent: 'Acme (a@b.c)', apiUrl: 'http://127.0.0.1:9/v3' });
  });

  test('access by API keys, of which only hashes are configured', () => {
    const hash = 'ab'.repeat(32);
    const config = readConfig({ API_KEY_HASHES: `ann=${hash}, bob=${hash.toUpperCase()}` });
    expect(config.access).toEqual({
      kind: 'keys',
      keys: [
        { subject: 'ann', hash },
        { subject: 'bob', hash },
      ],
    });
    expect(describeConfig(config)).toMatchObject({ access: { kind: 'keys', subjects: ['ann', 'bob'] } });
    expect(() => readConfig({ API_KEY_HASHES: 'ann=my-secret-key' })).toThrow(
      /^API_KEY_HASHES must be name=hash(?!.*secret)/,
    );
    expect(() => readConfig({ OAUTH_ISSUER: 'https://id.acme.com' })).toThrow('OAUTH_ISSUER needs PUBLIC_URL');
    expect(() => readConfig({ API_KEY_HASHES: `ann=${hash}`, OAUTH_ISSUER: 'https://id.acme.com' })).toThrow(
      'OAUTH_ISSUER',
    );
  });

  test('it is frozen', () => {
    const config = readConfig({ FLOAT_API_KEY: KEY });
    expect([Object.isFrozen(config), Object.isFrozen(config.source)]).toEqual([true, true]);
  });

  test.each([
    [{ PORT: '80a' }, 'PORT must be a whole number from 0 to 65535; it is "80a".'],
    [{ PORT: '70000' }, 'PORT must be'],
    [{ PORT: '-1' }, 'PORT must be'],
    [{ FLOAT_TIMEOUT_MS: '1' }, 'FLOAT_TIMEOUT_MS must be a whole number from 100 to 300000; it is "1".'],
    [{ FLOAT_TOOLSET: 'granular,all' }, 'FLOAT_TOOLSET must be consolidated, granular, aliases, or several of them;'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of debug, info, warn, error, silent; it is "loud".'],
    [
      { FLOAT_TIME_ZONE: 'Berlin' },
      'FLOAT_TIME_ZONE must be an IANA time zone such as "Europe/Berlin"; it is "Berlin".',
    ],
    [{ FLOAT_API_URL: 'https://api.float.com/v3' }, 'FLOAT_API_URL must be used together with FLOAT_API_KEY'],
    [{ FLOAT_API_KEY: KEY, FLOAT_API_URL: 'http://api.float.com' }, 'FLOAT_API_URL must be an https URL'],
    [{ FLOAT_API_KEY: KEY, FLOAT_API_URL: 'float' }, 'FLOAT_API_URL must be an https URL'],
    [{ FLOAT_API_KEY: KEY, SANDBOX_DATABASE: 'x.db' }, 'SANDBOX_DATABASE must be unset when FLOAT_API_KEY is set'],
    [{ FLOAT_API_KEY: KEY, FLOAT_USER_AGENT: 'a\nb' }, 'FLOAT_USER_AGENT must be plain ASCII text'],
    [{ FLOAT_POLL_SECONDS: 'often' }, 'FLOAT_POLL_SECONDS must be a whole number from 0 to 86400; it is "often".'],
    [{ FLOAT_WITHOUT_TOKEN: 'shared' }, 'FLOAT_WITHOUT_TOKEN must be used together with FLOAT_TOKENS_FILE'],
    [{ FLOAT_TOKENS_FILE: '/nowhere' }, 'FLOAT_TOKENS_FILE /nowhere cannot be read: ENOENT'],
    [{ FLOAT_APIKEY: KEY }, 'FLOAT_APIKEY is not a variable of this server. It has FLOAT_API_KEY,'],
  ])('%j stops the start with the name, the value and what is allowed', (env, message) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(message);
  });

  test('the key is in no message and in no description', () => {
    expect(() => readConfig({ FLOAT_API_KEY: `${KEY} ${KEY}` })).toThrow(
      /^FLOAT_API_KEY must be visible characters without spaces$/,
    );
    const config = readConfig({ FLOAT_API_KEY: KEY });
    expect(JSON.stringify(describeConfig(config))).not.toContain(KEY);
    expect(describeConfig(config)).toMatchObject({ port: 3000, source: { kind: 'float', apiKey: '[set]' } });
    expect(secretsOf(config)).toEqual([KEY]);
    expect(secretsOf(readConfig({}))).toEqual([]);
  });
});

describe('TRUST_PROXY', () => {
  test.each([
    [undefined, undefined],
    ['2', 2],
    ['10.1.2.3', ['10.1.2.3']],
    ['loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
  ])('%p is %j', (given, trusted) => {
    expect(readConfig({ TRUST_PROXY: given }).trustProxy).toEqual(trusted);
  });

  // Trusting every address would let callers choose the address they are limited by.
  test.each([
    'true',
    '0',
    '-1',
    '11',
    'nginx',
    '10.0.0.0/33',
    '10.0.0/8',
    '0.0.0.0/0',
    '::/0',
    'fe80::1%eth0',
    '1,,2',
    ',',
  ])('%p stops the start', (given) => {
    expect(() => readConfig({ TRUST_PROXY: given })).toThrow(
      `TRUST_PROXY must be the number of proxies in front (1 to 10), or their addresses such as "10.0.0.0/8, loopback"; it is "${given}".`,
    );
  });

  test('Express accepts every accepted value', () => {
    for (const given of ['3', 'loopback,linklocal,uniquelocal,10.0.0.0/8,fd00::/8,::1,192.0.2.7']) {
      expect(() => express().set('trust proxy', readConfig({ TRUST_PROXY: given }).trustProxy)).not.toThrow();
    }
  });
});

describe('STORE', () => {
  test.each(['memory', 'lmdb:/var/lib/float', 'redis://localhost:6379', 'rediss://u:p@h/0'])('takes %s', (store) => {
    expect(readConfig({ STORE: store }).store).toBe(store);
  });

  test('defaults to a directory of the user for each port', () => {
    expect(readConfig({ XDG_STATE_HOME: '/state', PORT: '3001' }).store).toBe('lmdb:/state/float-server/3001');
    expect(readConfig({ XDG_STATE_HOME: 'relative' }).store).not.toContain('relative');
    expect(readConfig({ XDG_STATE_HOME: '/state', STORE: 'memory' }).store).toBe('memory');
  });

  test('defaults to memory for an arbitrary free port', () => {
    expect(readConfig({ XDG_STATE_HOME: '/state', PORT: '0' }).store).toBe('memory');
  });

  test.each(['sqlite', 'lmdb:', 'redis://', 'http://secret@h'])('rejects %s without quoting it', (store) => {
    const refused = () => readConfig({ STORE: store });
    expect(refused).toThrow('STORE must be memory, lmdb:PATH, or a URL');
    expect(refused).not.toThrow('secret');
  });

  test('its password is redacted', () => {
    const config = readConfig({ STORE: 'redis://me:s%20ecret@localhost:6379' });
    expect(secretsOf(config)).toEqual(['s ecret']);
    expect(describeConfig(config)['store']).toBe('redis://[redacted]@localhost:6379');
  });
});

describe('the person that "me" means', () => {
  const caller = (env: Record<string, string>, principal?: Principal) => callerOf(readConfig(env).people, principal);
  const ann = (extra?: Record<string, unknown>): Principal => ({ subject: 'ann', ...(extra && { extra }) });

  test.each([
    ['nothing is known', {}, undefined, undefined],
    ['one person for all', { FLOAT_PEOPLE: 'ann@acme.com' }, undefined, 'ann@acme.com'],
    ['not for those who sign in', { FLOAT_PEOPLE: 'ann@acme.com' }, ann(), undefined],
    ['by name of the key', { FLOAT_PEOPLE: 'bob=7, ann=42' }, ann(), '42'],
    ['before the claim', { FLOAT_PEOPLE: 'ann=42' }, ann({ email: 'ann@acme.com' }), '42'],
    ['a subject with an equals sign', { FLOAT_PEOPLE: 'a=b=c@acme.com' }, { subject: 'a=b' }, 'c@acme.com'],
    ['by claim', {}, ann({ email: 'ann@acme.com' }), 'ann@acme.com'],
    ['by a verified claim', {}, ann({ email: 'ann@acme.com', email_verified: true }), 'ann@acme.com'],
    ['not by one that is not verified', {}, ann({ email: 'ann@acme.com', email_verified: false }), undefined],
    ['by a subject that is an address', {}, { subject: 'ann@acme.com' }, 'ann@acme.com'],
  ] as const)('%s', (_, env, principal, expected) => {
    expect(caller(env, principal)).toBe(expected);
  });

  test.each(['ann', 'ann=', '=ann@acme.com', 'ann=1,ann=2', '1,2', 'ann=x@y z'])('%p is refused', (given) => {
    expect(() => readConfig({ FLOAT_PEOPLE: given })).toThrow(/FLOAT_PEOPLE must be subject=/);
  });
});
