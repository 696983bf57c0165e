import { describe, expect, test } from '@jest/globals';
import { DEFAULTS } from './option-defaults.js';
import { type ResolvedOptions, type RouterOptions, resolveOptions } from './options.js';

const sameAsDefaults = (options: ResolvedOptions) => expect({ ...options }).toEqual({ ...DEFAULTS });

describe('the options of mcpRouter', () => {
  test('are complete and frozen for every form of no options', () => {
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
  ])('%s: %j is rejected at start, with the name of the option', (name, value) => {
    expect(() => resolveOptions({ [name]: value })).toThrow(`mcpRouter option "${name}" must be `);
  });

  test.each<[string, unknown, string]>([
    ['allowedOrigins', ['https://app.example.com:443'], 'write "https://app.example.com"'],
    ['allowedOrigins', ['http://app.example.com:80'], 'write "http://app.example.com"'],
    ['allowedOrigins', ['https://app.example.com/'], 'write "https://app.example.com"'],
    ['allowedOrigins', ['https://app.example.com:8443/editor?x'], 'write "https://app.example.com:8443"'],
    ['allowedOrigins', ['https://fine.example', 'app.example.com'], 'write "https://app.example.com"'],
    ['allowedOrigins', ['localhost:3000'], 'write "http://localhost:3000"'],
    ['allowedOrigins', ['https://bücher.example'], 'write "https://xn--bcher-kva.example"'],
    ['allowedOrigins', ['http://[0:0::1]:3000'], 'write "http://[::1]:3000"'],
    ['allowedOrigins', ['wss://app.example.com'], 'write "https://app.example.com"'],
    ['allowedOrigins', ['https://*.example.com'], 'list each origin; pages of the hosts in "allowedHosts"'],
    ['allowedOrigins', ['http://localhost:*'], 'such as "localhost" or "*.example.com", are allowed at every port'],
    ['allowedOrigins', ['*'], 'wildcards are not supported here'],
    ['allowedOrigins', ['chrome-extension://*'], 'wildcards are not supported here'],
    ['allowedOrigins', ['null'], 'such as "https://app.example.com"; it is'],
    ['allowedOrigins', ['file://'], 'such as "https://app.example.com"; it is'],
    ['allowedHosts', [], 'at least one host name'],
    ['allowedHosts', ['mcp.example.com:8443'], 'write "mcp.example.com"'],
    ['allowedHosts', ['https://mcp.example.com:8443/mcp'], 'write "mcp.example.com"'],
    ['allowedHosts', ['mcp.example.com/mcp'], 'write "mcp.example.com"'],
    ['allowedHosts', ['.example.com'], 'write "*.example.com"'],
    ['allowedHosts', ['mcp.*.example.com'], 'as in "*.example.com"'],
    ['allowedHosts', ['*example.com'], 'as in "*.example.com"'],
    ['allowedHosts', ['::1'], 'write "[::1]"'],
    ['allowedHosts', ['[::1]:3000'], 'write "[::1]"'],
    ['allowedHosts', ['[::zz]'], 'such as "mcp.example.com"; it is'],
    ['allowedHosts', ['mcp..example.com'], 'such as "mcp.example.com"; it is'],
    ['allowedHosts', ['bücher.example'], 'write "xn--bcher-kva.example"'],
    ['path', '/:tenant/mcp', 'mount the router: app.use("/:tenant", mcpRouter(mcp))'],
    ['path', '/tenant-:id/mcp', 'patterns are not supported'],
    ['path', '/mcp*', 'patterns are not supported'],
    ['path', '/mcp{/*rest}', 'patterns are not supported'],
    ['path', '/(v1|v2)/mcp', 'patterns are not supported'],
    ['path', '/mcp/[a-z]+', 'patterns are not supported'],
    ['path', '/mcp$', 'patterns are not supported'],
    ['path', '/mcp/?', 'a path that begins with "/"'],
    ['path', /^\/mcp/, 'a path that begins with "/"'],
    ['path', '/bücher/mcp', 'write "/b%C3%BCcher/mcp"'],
    ['path', '/my server', 'write "/my%20server"'],
    ['path', '/a/../mcp', 'write "/mcp"'],
    ['path', '//mcp', 'write "/mcp"'],
  ])('%s: %j could match no request: it is rejected at start, with the correct form', (name, value, advice) => {
    expect(() => resolveOptions({ [name]: value })).toThrow(`mcpRouter option "${name}" must be `);
    expect(() => resolveOptions({ [name]: value })).toThrow(advice);
  });

  test.each<[string, unknown]>([
    ['allowedOrigins', ['https://app.example.com', 'HTTP://App.Example.com:8080', 'http://[::1]:3000']],
    ['allowedOrigins', ['chrome-extension://abcdefgh', 'vscode-webview://1f2e', 'capacitor://localhost']],
    ['allowedHosts', ['MCP.example.com', 'mcp.example.com.', '*.example.com', '*', '10.0.0.7', '[::1]', 'my_host']],
    ['path', '/'],
    ['path', '/mcp/'],
    ['path', '/c++/~me/@scope/b%C3%BCcher/mcp.v1'],
  ])('%s: %j is accepted', (name, value) => {
    expect(resolveOptions({ [name]: value })).toMatchObject({ [name]: value });
  });

  test('an unknown option is rejected, with a list of the known ones', () => {
    expect(() => resolveOptions({ alowedHosts: [] } as RouterOptions)).toThrow(/no option "alowedHosts".*allowedHosts/);
  });

  test('an observer that throws has no effect', () => {
    const { observe } = resolveOptions({
      observe: () => {
        throw new Error('observer');
      },
    });
    expect(() => observe?.({ type: 'failure', where: 'a test', cause: undefined })).not.toThrow();
  });
});
