/** The direction of imports between the packages around Float, and between the rooms of the app. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The folders of the workspace, and the workspace packages that the sources of each may import. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'packages/resource-planning': [],
  'packages/float-api': [],
  'packages/float-sandbox': ['float-api', 'resource-planning'],
  'apps/float-server': ['float-api', 'float-sandbox', 'mcp-express', 'resource-planning'],
};

/** The rooms of the app, and the rooms whose values each may import. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  prompts: ['resources', 'tools'],
  resources: ['tools', 'tools/plan'],
  tools: ['tools/actions', 'tools/granular', 'tools/money', 'tools/questions', 'tools/records'],
  'tools/questions': ['tools', 'tools/plan', 'tools/project'],
  'tools/money': ['tools', 'tools/plan', 'tools/project'],
  'tools/actions': ['tools', 'tools/plan'],
  'tools/granular': ['tools', 'tools/plan', 'tools/records'],
  'tools/records': ['tools'],
  'tools/project': ['tools', 'tools/plan'],
  'tools/plan': ['tools'],
  config: ['tokens'],
  telemetry: [],
  tokens: [],
};

/** Files without a room whose values a room may import. */
const SHARED: Readonly<Record<string, readonly string[]>> = { telemetry: ['stats-server.ts'] };

interface Import {
  readonly file: string;
  readonly target: string;
}

const VALUE = /^(?:import|export)\s+(?!type\s)(\{[^}]*\}|[^'"{]*?)\s*from\s+'([^']+)'/gm;

function sourcesOf(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.includes('testing/'));
}

const textOf = (folder: string, file: string) => readFileSync(join(ROOT, folder, 'src', file), 'utf8');

/** Every module that a source names, be it for a value or a type. */
function importsOf(folder: string): Import[] {
  return sourcesOf(folder).flatMap((file) =>
    [...textOf(folder, file).matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)].map(([, target, loaded]) => ({
      file,
      target: target ?? loaded ?? '',
    })),
  );
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;

const nameOf = (target: string) =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');

describe.each(Object.entries(PACKAGES))('%s', (folder, allowed) => {
  const imports = importsOf(folder);
  const bare = imports.filter(({ target }) => !/^(\.|node:)/.test(target));
  const { dependencies = {} } = manifestOf(folder);

  test('there are sources to look at', () => {
    expect(sourcesOf(folder).length).toBeGreaterThan(20);
  });

  test('imports only the packages below it, by their public entries', () => {
    const workspace = new Set([...Object.values(PACKAGES).flat(), 'float-server']);
    const named = bare.map(({ target }) => nameOf(target)).filter((name) => workspace.has(name));
    expect([...new Set(named)].sort()).toEqual(allowed);
    const outside = imports.filter(
      ({ file, target }) => target.startsWith('.') && relative('.', join(dirname(file), target)).startsWith('..'),
    );
    expect(outside).toEqual([]);
  });

  test('declares the packages that it imports, and no others', () => {
    const named = new Set(bare.map(({ target }) => nameOf(target)));
    const declared = Object.keys(dependencies);
    expect([...named].filter((name) => !declared.includes(name))).toEqual([]);
    // Stores and telemetry are loaded when the configuration names them.
    const byName = (name: string) =>
      folder === 'apps/float-server' && /^(lmdb|pino|redis|@opentelemetry\/.*)$/.test(name);
    expect(declared.filter((name) => !named.has(name) && !byName(name))).toEqual([]);
  });

  test('no source file is longer than 250 lines', () => {
    expect(sourcesOf(folder).filter((file) => textOf(folder, file).trimEnd().split('\n').length > 250)).toEqual([]);
  });
});

describe('the rooms of the app', () => {
  const APP = 'apps/float-server';

  function roomOf(file: string): string | undefined {
    const parts = file.split('/');
    if (parts.length === 1) return undefined;
    return parts[0] === 'tools' && parts.length > 2 ? `tools/${parts[1]}` : parts[0];
  }

  test('a value import goes only to the rooms below, and to the files without a room that all may use', () => {
    const wrong = sourcesOf(APP).flatMap((file) => {
      const from = roomOf(file);
      if (from === undefined) return [];
      return [...textOf(APP, file).matchAll(VALUE)]
        .filter(([, names = '', target = '']) => target.startsWith('.') && !onlyTypes(names))
        .map(([, , target = '']) => join(dirname(file), target).replace(/\.js$/, '.ts'))
        .filter((to) => {
          const room = roomOf(to);
          if (room === undefined) return to !== 'untrusted-text.ts' && SHARED[from]?.includes(to) !== true;
          return room !== from && ROOMS[from]?.includes(room) !== true;
        })
        .map((to) => `${file} -> ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  test('every room is named in the rules', () => {
    const rooms = new Set(
      sourcesOf(APP)
        .map(roomOf)
        .filter((room) => room !== undefined),
    );
    expect([...rooms].sort()).toEqual(Object.keys(ROOMS).sort());
  });
});

function onlyTypes(names: string): boolean {
  const inner = /^\{([^}]*)\}$/s.exec(names.trim())?.[1]?.split(',') ?? [];
  const named = inner.map((name) => name.trim()).filter((name) => name !== '');
  return named.length > 0 && named.every((name) => name.startsWith('type '));
}
