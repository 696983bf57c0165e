import { describe, expect, test } from '@jest/globals';
import { type ErrorCode, McpError } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { ping } from '../support/session.js';
import { startServer } from '../support/start-server.js';

async function refusedBy(error: McpError) {
  const { url } = await startServer({
    options: {
      principal: () => {
        throw error;
      },
    },
  });
  return send(url, { body: ping() });
}

describe('headers of refusals (DESIGN 6)', () => {
  test.each<[ErrorCode, number, string, string]>([
    ['unauthorized', 401, 'www-authenticate', 'Bearer'],
    ['insufficient-scope', 403, 'www-authenticate', 'Bearer error="insufficient_scope"'],
    ['rate-limited', 429, 'retry-after', '1'],
    ['store-unavailable', 503, 'retry-after', '1'],
  ])('%s is %i with %s (RFC 6750, RFC 9110)', async (code, status, header, value) => {
    const answer = await refusedBy(new McpError(code, 'no'));
    expect([answer.status, answer.headers[header]]).toEqual([status, value]);
    expect(answer.json.error.data).toEqual({ reason: code });
  });

  test('its own headers win', async () => {
    const challenge = 'Bearer resource_metadata="https://example.com/.well-known/oauth-protected-resource"';
    const answer = await refusedBy(new McpError('unauthorized', 'no', { headers: { 'WWW-Authenticate': challenge } }));
    expect(answer.headers['www-authenticate']).toBe(challenge);
  });
});
