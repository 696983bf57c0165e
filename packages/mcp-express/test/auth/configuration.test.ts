import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from 'mcp-express';
import { bearerAuth, introspection, jwt } from 'mcp-express/auth';

const issuer = 'https://id.example.com';
const resource = 'https://mcp.example.com/mcp';
const verify = async (): Promise<undefined> => undefined;
const endpoint = 'https://id.example.com/introspect';
const client = { id: 'a', secret: 'b-very-secret' };
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('wrong options stop the start, and are named', () => {
  const wrong: [string, () => unknown][] = [
    ['bearerAuth has no option "scope"', () => bearerAuth({ verify, scope: ['a'] } as never)],
    ['bearerAuth needs the option "verify"', () => bearerAuth({} as never)],
    ['bearerAuth takes an object of options', () => bearerAuth(undefined as never)],
    ['option "verify" must be a function', () => bearerAuth({ verify: 'secret' } as never)],
    ['option "resource" must be an absolute URL', () => bearerAuth({ verify, resource: '/mcp' })],
    ['option "resource" must be an absolute URL', () => bearerAuth({ verify, resource: `${resource}#x` })],
    ['without placeholders', () => bearerAuth({ verify, resource: 'https://mcp.example.com/:tenant/mcp' })],
    ['without placeholders', () => bearerAuth({ verify, resource: 'https://*.example.com/mcp' })],
    ['without placeholders', () => bearerAuth({ verify, resource, authorizationServers: ['https://*.example.com'] })],
    ['without placeholders', () => jwt({ issuer: 'https://login.example.com/{tenantid}/v2.0' })],
    ...['openid-configuration', 'oauth-authorization-server', 'jwks.json'].flatMap(
      (name): [string, () => unknown][] => [
        [
          `the issuer itself, not the address of its metadata: ${issuer}`,
          () => jwt({ issuer: `${issuer}/.well-known/${name}` }),
        ],
        [
          `option "issuer" must be the issuer itself, not the address of its metadata: ${issuer}/a/b`,
          () => introspection({ endpoint, client, issuer: `${issuer}/a/b/.well-known/${name}` }),
        ],
      ],
    ),
    [
      'metadata: https://id.example.com/tenant',
      () => jwt({ issuer: `${issuer}/.well-known/oauth-authorization-server/tenant` }),
    ],
    [
      'option "jwksUri" must be the "jwks_uri"',
      () => jwt({ issuer, jwksUri: `${issuer}/.well-known/openid-configuration` }),
    ],
    [
      'option "endpoint" must be the "introspection_endpoint"',
      () => introspection({ endpoint: `${issuer}/.well-known/openid-configuration`, client }),
    ],
    [
      `"resource" must be the resource itself, not the address of its metadata: ${resource}`,
      () => bearerAuth({ verify, resource: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp' }),
    ],
    [
      `a list of issuers, not of addresses of their metadata: ${issuer}`,
      () => bearerAuth({ verify, resource, authorizationServers: [`${issuer}/.well-known/openid-configuration`] }),
    ],
    ['option "resource" must be an https URL', () => bearerAuth({ verify, resource: 'http://mcp.example.com/mcp' })],
    ['option "authorizationServers" must be', () => bearerAuth({ verify, resource, authorizationServers: ['id'] })],
    ['needs the option "resource"', () => bearerAuth({ verify, authorizationServers: [issuer] })],
    ['needs the option "resource", the audience', () => bearerAuth({ verify: jwt({ issuer }) })],
    ['option "scopes" must be', () => bearerAuth({ verify, scopes: ['a b'] })],
    ['option "impliedScopes" must be', () => bearerAuth({ verify, impliedScopes: { a: 'b' } as never })],
    ['option "realm" must be', () => bearerAuth({ verify, realm: 'a\r\nb' })],
    ['must not have "resource"', () => bearerAuth({ verify: jwt({ issuer }), resource, metadata: { resource: 'x' } })],
    ['"dpop" has no option "nonces"', () => bearerAuth({ verify, resource, dpop: { nonces: true } as never })],
    ['option "algorithms" must be', () => bearerAuth({ verify, resource, dpop: { algorithms: ['HS256'] } })],
    ['needs the option "resource" where it has "dpop"', () => bearerAuth({ verify, dpop: 'required' })],
    ['option "nonceKeys" must be', () => bearerAuth({ verify, resource, dpop: { nonceKeys: ['short'] } })],
    ['jwt needs the option "issuer"', () => jwt({} as never)],
    ['jwt option "issuer" must be an https URL', () => jwt({ issuer: 'http://id.example.com' })],
    ['jwt option "jwksUri" must be an https URL', () => jwt({ issuer, jwksUri: 'http://id.example.com/keys' })],
    ['"none" is not one', () => jwt({ issuer, algorithms: ['none'] })],
    ['must not have "HS256"', () => jwt({ issuer, algorithms: ['RS256', 'HS256'] })],
    ['must not have "HS256"', () => jwt({ issuer, key: publicKey, algorithms: ['HS256'] })],
    ['must not have "RS256"', () => jwt({ issuer, key: Buffer.alloc(32), algorithms: ['HS256', 'RS256'] })],
    ['needs the option "algorithms"', () => jwt({ issuer, key: Buffer.alloc(32) })],
    ['option "key" must be a public key', () => jwt({ issuer, key: privateKey })],
    ['option "key" must be a public key', () => jwt({ issuer, key: Buffer.alloc(16), algorithms: ['HS256'] })],
    ['option "jwks" must be', () => jwt({ issuer, jwks: { keys: [privateKey.export({ format: 'jwk' }) as never] } })],
    ['one of the options "jwksUri" and "key"', () => jwt({ issuer, key: publicKey, jwksUri: `${issuer}/keys` })],
    ['introspection needs the option "client"', () => introspection({ endpoint } as never)],
    ['option "client" must be an "id"', () => introspection({ endpoint, client: { id: 'b-very-secret' } as never })],
    ['must be an https URL', () => introspection({ endpoint: 'http://id.example.com/i', client })],
    ['needs the option "resource"', () => bearerAuth({ verify: introspection({ endpoint, client }) })],
  ];
  test.each(wrong)('%s', (message, begin) => {
    expect(begin).toThrow(ConfigurationError);
    expect(begin).toThrow(message);
    expect(begin).not.toThrow('very-secret');
  });
});

test('authorization servers follow from the verifier, where it has one', () => {
  const auth = bearerAuth({ verify: jwt({ issuer }), resource });
  expect(auth.metadata?.document).toMatchObject({ authorization_servers: [issuer] });
});

test('http is taken where the network is protected', () => {
  expect(() =>
    bearerAuth({
      verify: jwt({ issuer: 'http://id', allowHttp: true }),
      resource: 'http://mcp:3000/mcp',
      allowHttp: true,
    }),
  ).not.toThrow();
});

test('importing the main entry does not load Passport and jose', () => {
  const src = resolve(import.meta.dirname, '../../src');
  const reached = new Set<string>([resolve(src, 'index.ts')]);
  const packages = new Set<string>();
  for (const file of reached) {
    const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(?!type\b)[^'"]*?from\s+'([^']+)'/gm);
    for (const [, target = ''] of imports) {
      if (target.startsWith('.')) reached.add(resolve(dirname(file), target.replace(/\.js$/, '.ts')));
      else packages.add(target);
    }
  }
  expect(reached.size).toBeGreaterThan(40);
  expect([...packages].filter((name) => /^(jose|passport)/.test(name))).toEqual([]);
});
