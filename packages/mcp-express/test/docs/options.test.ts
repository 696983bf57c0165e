import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from 'mcp-express';
import { DEFAULTS } from '../../src/option-defaults.js';
import { resolveOptions } from '../../src/options.js';
import { DEFAULT_STREAM_LIMITS } from '../../src/store/memory/memory-streams.js';
import { documentAt, plain, tableBelow } from './support/markdown.js';
import { membersOf } from './support/source.js';

const page = documentAt('docs/options.md');
const readme = documentAt('packages/mcp-express/README.md');

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly default: string;
  readonly allowed: string;
  readonly off: string;
}

function rowsOf(section: string): Row[] {
  return tableBelow(page, `## ${section}`).map((cells) => {
    const [name = '', unit = '', byDefault = '', allowed = '', off = ''] = cells.map(plain);
    return { name, unit, default: byDefault, allowed, off };
  });
}

/** What has no default is required, or stands in place of something else. */
const NO_DEFAULT = ['required', 'none given'];

const byName = (rows: readonly { name: string; default: string | undefined }[]) =>
  Object.fromEntries(
    rows.map((row) => {
      const byDefault = plain(row.default ?? '');
      return [row.name, NO_DEFAULT.includes(byDefault) ? '' : byDefault];
    }),
  );

interface Source {
  /** The heading on the page. */
  readonly section: string;
  readonly file: string;
  readonly type: string;
  /** The members that are options; absent: all. */
  readonly only?: readonly string[];
}

const SOURCES: readonly Source[] = [
  { section: 'mcpRouter', file: 'options.ts', type: 'RouterOptions' },
  { section: 'McpServer', file: 'features/server-options.ts', type: 'McpServerOptions' },
  { section: 'serve', file: 'serve/serve.ts', type: 'ServeOptions' },
  { section: 'close', file: 'util/drains.ts', type: 'DrainOptions' },
  { section: 'bearerAuth', file: 'auth/bearer-auth.ts', type: 'BearerAuthOptions' },
  { section: 'passportAuth', file: 'auth/endpoint-options.ts', type: 'EndpointOptions' },
  { section: 'apiKeys', file: 'auth/api-keys.ts', type: 'ApiKeyOptions' },
  { section: 'jwt', file: 'auth/jwt-options.ts', type: 'JwtOptions' },
  { section: 'introspection', file: 'auth/introspection.ts', type: 'IntrospectionOptions' },
  { section: 'dpop', file: 'auth/dpop-options.ts', type: 'DpopOptions' },
  { section: 'memoryStore', file: 'store/stream-limits.ts', type: 'StreamLimits' },
  { section: 'lmdbStore', file: 'store/lmdb/lmdb-store.ts', type: 'LmdbStoreOptions' },
  { section: 'redisStore', file: 'store/redis/redis-store.ts', type: 'RedisStoreOptions' },
  { section: 'redisStore streams', file: 'store/redis/redis-streams.ts', type: 'RedisStreamLimits' },
  { section: 'registerTool', file: 'features/tools/tool.ts', type: 'ToolConfig', only: ['timeoutMs', 'scopes'] },
  { section: 'task', file: 'features/tools/tool-task.ts', type: 'TaskConfig' },
];

describe('the page about options', () => {
  test.each(SOURCES)(
    '$section: names what the sources have, with the same defaults',
    ({ section, file, type, only }) => {
      const members = membersOf(file, type).filter(({ name }) => only === undefined || only.includes(name));
      expect(members.length).toBeGreaterThan(0);
      expect(byName(rowsOf(section))).toEqual(byName(members));
    },
  );

  test('has the defaults that are really used', () => {
    const inWords = [
      'store',
      'auth',
      'rateLimitStores',
      'principal',
      'logger',
      'observe',
      'instrument',
      'stateKeys',
      'maxSessionsPerAddress',
    ];
    const rows = rowsOf('mcpRouter');
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(DEFAULTS).sort());
    for (const row of rows.filter(({ name }) => !inWords.includes(name))) {
      const value = literal(row.default.replace(/ \(.*\)$/, ''));
      expect([row.name, value]).toEqual([row.name, DEFAULTS[row.name as keyof typeof DEFAULTS]]);
    }
    const limits = Object.fromEntries(rowsOf('memoryStore').map((row) => [row.name, quantity(row.default)]));
    expect(limits).toEqual({ ...DEFAULT_STREAM_LIMITS });
  });

  test('gives each number its unit, and says how to switch every option off', () => {
    const rows = SOURCES.flatMap(({ section }) => rowsOf(section));
    for (const { name, unit, allowed, off } of rows) {
      const expected = name.endsWith('Ms') ? 'ms' : /bytes/i.test(name) ? 'bytes' : unit;
      expect([name, unit, allowed !== '', off !== '']).toEqual([name, expected, true, true]);
    }
  });

  test('is right about the least that is allowed, and about Infinity', () => {
    const numeric = rowsOf('mcpRouter').filter(({ allowed }) => /^\d+ or more/.test(allowed));
    expect(numeric.length).toBeGreaterThan(10);
    for (const { name, allowed } of numeric) {
      const least = Number.parseInt(allowed, 10);
      const accepts = (value: number) => {
        try {
          resolveOptions({ [name]: value });
          return true;
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
          return false;
        }
      };
      expect([name, accepts(least), accepts(least - 1), accepts(Number.POSITIVE_INFINITY)]).toEqual([
        name,
        true,
        false,
        allowed.includes('Infinity'),
      ]);
    }
  });

  test('explains every option of mcpRouter below its table', () => {
    const explained = [...page.text.matchAll(/^- ((?:\*\*`\w+`(?:, `\w+`)*\*\*))/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(rowsOf('mcpRouter').filter(({ name }) => !explained.includes(name))).toEqual([]);
  });

  test('has the options in the short table of the README of the package, with the same defaults', () => {
    const complete = byName(rowsOf('mcpRouter'));
    const short = tableBelow(readme, '## Options').map(([name = '', byDefault = '']) => [
      plain(name),
      plain(byDefault),
    ]);
    expect(short.length).toBeGreaterThan(5);
    expect(short).toEqual(short.map(([name = '']) => [name, complete[name]]));
  });
});

/** The value that a default is written as: text, number, true, false, a list, or an object with bare names. */
function literal(text: string): unknown {
  return JSON.parse(text.replaceAll("'", '"').replaceAll(/(\w+): /g, '"$1": '));
}

const UNITS: Readonly<Record<string, number>> = { '': 1, MiB: 1024 * 1024, minutes: 60_000 };

/** The number that a quantity such as `8 MiB` is. */
function quantity(text: string): number {
  const [, digits = '', unit = ''] = /^([\d,]+) ?(\w*)$/.exec(text) ?? [];
  return Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? Number.NaN);
}
