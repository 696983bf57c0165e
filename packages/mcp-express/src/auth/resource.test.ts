import { describe, expect, test } from '@jest/globals';
import { metadataUrlsOf } from './issuer-metadata.js';
import { resourceOf } from './resource.js';

describe('values derived from the declared URL (R10)', () => {
  test.each([
    ['https://mcp.example.com/a/mcp', ['https://mcp.example.com/a/mcp']],
    ['https://mcp.example.com', ['https://mcp.example.com', 'https://mcp.example.com/']],
    ['https://mcp.example.com/', ['https://mcp.example.com/', 'https://mcp.example.com']],
    ['https://mcp.example.com/a/', ['https://mcp.example.com/a/']],
    ['HTTPS://MCP.Example.com:443/A', ['HTTPS://MCP.Example.com:443/A', 'https://mcp.example.com/A']],
  ])('the audiences of %s', (id, audiences) => {
    expect(resourceOf(id).audiences).toEqual(audiences);
  });
});

describe('URLs of the metadata of an issuer', () => {
  test.each([
    [
      'https://id.example.com/',
      [
        'https://id.example.com/.well-known/oauth-authorization-server',
        'https://id.example.com/.well-known/openid-configuration',
      ],
    ],
    [
      'https://id.example.com/t/1',
      [
        'https://id.example.com/.well-known/oauth-authorization-server/t/1',
        'https://id.example.com/.well-known/openid-configuration/t/1',
        'https://id.example.com/t/1/.well-known/openid-configuration',
      ],
    ],
  ])('%s', (issuer, urls) => {
    expect(metadataUrlsOf(issuer)).toEqual(urls);
  });
});
