import { describe, expect, test } from '@jest/globals';
import { DEFAULTS, type ResolvedOptions, type RouterOptions, resolveOptions } from './options.js';

const sameAsDefaults = (options: ResolvedOptions) => expect({ ...options }).toEqual({ ...DEFAULTS });

describe('the options of mcpRouter', () => {
  test('are complete and frozen, however nothing is said', () => {
    sameAsDefaults(resolveOptions());
    sameAsDefaults(resolveOptions({}));
    sameAsDefaults(resolveOptions(Object.create(null) as RouterOptions));
    const undefineds = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, undefined]));
    sameAsDefaults(resolveOptions(undefineds as RouterOptions));
    expect(Object.isFrozen(resolveOptions())).toBe(true);
  });

  test("never change the caller's object", () => {
    const given = Object.freeze({ path: '/rpc', allowedHosts: Object.freeze(['mcp.example.com']) });
    expect(resolveOptions(given).path).toBe('/rpc');
    expect(given).toEqual({ path: '/rpc', allowedHosts: ['mcp.example.com'] });
  });

  test.each<[string, unknown]>([
    ['path', 'mcp'],
    ['path', '/a?b'],
    ['store', {}],
    ['allowedHosts', 'example.com'],
    ['allowedHosts', ['https://example.com']],
    ['allowedHosts', ['example.com:443']],
    ['allowedOrigins', ['example.com']],
    ['allowedOrigins', ['https://example.com/']],
    ['maxBodyBytes', 0],
    ['maxBodyBytes', '4mb'],
    ['sseAfterMs', -1],
    ['sseAfterMs', Number.NaN],
    ['keepAliveMs', 1.5],
    ['retryMs', Number.POSITIVE_INFINITY],
    ['sessionIdleMs', 0],
    ['maxSessions', 0],
    ['maxSessionsPerPrincipal', null],
    ['maxCallsPerSession', '1'],
    ['maxSubscriptionsPerSession', 0],
    ['callTimeoutMs', -1],
    ['clientRequestTimeoutMs', 0],
    ['progressHeartbeatMs', -5],
    ['strictAccept', 'yes'],
    ['principal', 'alice'],
    ['observe', {}],
  ])('%s: %j is refused at start, and named', (name, value) => {
    expect(() => resolveOptions({ [name]: value })).toThrow(`mcpRouter option "${name}" must be `);
  });

  test('an unknown one is refused, and the known ones are listed', () => {
    expect(() => resolveOptions({ alowedHosts: [] } as RouterOptions)).toThrow(/no option "alowedHosts".*allowedHosts/);
  });

  test('an observer that throws is not felt', () => {
    const { observe } = resolveOptions({
      observe: () => {
        throw new Error('observer');
      },
    });
    expect(() => observe?.({ type: 'failure', where: 'a test', cause: undefined })).not.toThrow();
  });
});
