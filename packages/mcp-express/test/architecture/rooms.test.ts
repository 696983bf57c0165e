import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const SRC = resolve(import.meta.dirname, '../../src');

/** The rooms from the top down, and the rooms below whose values each may import (see docs/architecture.md). */
const VALUES: Record<string, readonly string[]> = {
  sdk: ['hosting', 'protocol'],
  hosting: ['features', 'auth', 'request', 'protocol', 'util'],
  cli: ['serve', 'stdio', 'hosting', 'auth', 'protocol', 'util'],
  stdio: ['hosting', 'observe', 'auth', 'features', 'request', 'stateless', 'protocol', 'util'],
  serve: ['http', 'auth', 'protocol', 'util'],
  http: ['stateless', 'request', 'auth', 'observe', 'protocol', 'util'],
  session: ['features', 'request', 'stream', 'auth', 'observe', 'protocol', 'util'],
  stateless: ['request', 'schema', 'protocol', 'util'],
  features: ['request', 'registry', 'schema', 'observe', 'protocol', 'util'],
  request: ['registry', 'schema', 'stream', 'observe', 'protocol', 'util'],
  registry: ['schema', 'observe', 'protocol', 'util'],
  schema: ['protocol', 'util'],
  auth: ['observe', 'protocol', 'util'],
  stream: ['store', 'protocol', 'util'],
  store: ['observe', 'protocol', 'util'],
  otel: ['observe', 'protocol', 'util'],
  testing: ['store', 'protocol'],
  observe: ['protocol', 'util'],
  protocol: ['util'],
  util: [],
};

/** The rooms of which each may name types alone. */
const TYPES: Record<string, readonly string[]> = {
  cli: ['store'],
  sdk: ['auth', 'request'],
  stdio: ['session', 'stream', 'store'],
  http: ['session', 'stream', 'store'],
  session: ['registry', 'store'],
  stateless: ['features', 'registry', 'auth', 'store', 'observe'],
  features: ['stateless', 'auth', 'stream', 'store'],
  request: ['features', 'stateless', 'auth', 'store'],
  registry: ['request', 'auth'],
};

/** The rooms that are entries of the package beside the router: they may import the files that wire the others. */
const ENTRIES: ReadonlySet<string> = new Set(['cli', 'stdio']);

const NUMBERS: Readonly<Record<number, string>> = {
  8: 'Eight',
  9: 'Nine',
  10: 'Ten',
  11: 'Eleven',
  12: 'Twelve',
  13: 'Thirteen',
  14: 'Fourteen',
};

interface Edge {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const IMPORT = /^(?:import|export)\s+(type\s+)?([^'"]*?)\s*from\s+'([^']+)'/gm;

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file));

function edgesOf(file: string): Edge[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(IMPORT)].map(([, type, names = '', target = '']) => {
    const inner = /^\{([^}]*)\}$/s.exec(names.trim())?.[1]?.split(',') ?? [];
    const named = inner.map((name) => name.trim()).filter((name) => name !== '');
    const allTypes = named.length > 0 && named.every((name) => name.startsWith('type '));
    return { file, target, typeOnly: type !== undefined || allTypes };
  });
}

const edges = files.flatMap(edgesOf);
const roomOf = (path: string): string | undefined => (path.includes('/') ? path.split('/')[0] : undefined);

describe('the rooms of the house (DESIGN 4)', () => {
  test('there are files and imports to look at', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(edges.length).toBeGreaterThan(100);
  });

  test('a value import goes only downwards, and no room imports the files that wire them', () => {
    const wrong = edges
      .filter(({ file, target }) => target.startsWith('.') && roomOf(file) !== undefined)
      .map((edge) => ({ ...edge, to: relative(SRC, resolve(SRC, dirname(edge.file), edge.target)) }))
      .filter(({ file, to, typeOnly }) => {
        const [from, room] = [roomOf(file) as string, roomOf(to)];
        if (room === from) return false;
        const allowed = [...(VALUES[from] ?? []), ...(typeOnly ? (TYPES[from] ?? []) : [])];
        if (room === undefined) return !ENTRIES.has(from);
        return !allowed.includes(room);
      })
      .map(({ file, to, typeOnly }) => `${file} -> ${to}${typeOnly ? ' (type)' : ''}`);
    expect(wrong).toEqual([]);
  });

  test('every room is named in the rules', () => {
    const rooms = new Set(files.map(roomOf).filter((room) => room !== undefined));
    expect([...rooms].sort()).toEqual(Object.keys(VALUES).sort());
  });

  test('the document names every file that stands outside the rooms, and how many they are', () => {
    const text = readFileSync(resolve(SRC, '../../../docs/architecture.md'), 'utf8');
    const [said = ''] = /\w+ files stand outside the rooms:.*?\n\n/s.exec(text) ?? [];
    const named = [...said.matchAll(/`([^`]+\.ts)`/g)].map(([, name]) => name);
    expect(named.sort()).toEqual(files.filter((file) => roomOf(file) === undefined).sort());
    expect(said.split(' ')[0]).toBe(NUMBERS[named.length]);
  });

  test('Express appears only at the edge, and only as types', () => {
    const express = edges.filter(({ target }) => target === 'express');
    const inside = express
      .map(({ file }) => file)
      .filter((file) => roomOf(file) !== undefined && roomOf(file) !== 'auth');
    expect(inside.filter((file) => !/^(http\/(security\/)?express-|serve\/)/.test(file))).toEqual([]);
    expect(inside.length).toBeGreaterThan(0);
    expect(express.filter(({ typeOnly }) => !typeOnly)).toEqual([]);
  });

  test('only mcp-express/otel needs OpenTelemetry, and no other room loads it (R58)', () => {
    const needs = edges.filter(({ target }) => target.startsWith('@opentelemetry/'));
    expect(new Set(needs.map(({ target }) => target))).toEqual(new Set(['@opentelemetry/api']));
    expect(new Set(needs.map(({ file }) => roomOf(file)))).toEqual(new Set(['otel']));
    expect(edges.filter(({ file, target }) => target.includes('/otel/') && roomOf(file) !== 'otel')).toEqual([]);
  });

  test('no JSON-RPC code and no HTTP error status is written outside the table of errors', () => {
    const literal = /-32[0-9]{3}\b|\b(status|statusCode|writeHead)\(?:?\s*[45][0-9]{2}\b/;
    const offenders = files.filter(
      (file) => file !== 'protocol/errors.ts' && literal.test(readFileSync(join(SRC, file), 'utf8')),
    );
    expect(offenders).toEqual([]);
  });

  test('no dated revision is named outside the table of revisions, except in comments', () => {
    const offenders = files
      .filter((file) => file !== 'protocol/revisions.ts' && !file.startsWith('testing/'))
      .filter((file) => {
        const code = readFileSync(join(SRC, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
        return /'20[0-9]{2}-[0-9]{2}-[0-9]{2}'/.test(code);
      });
    expect(offenders).toEqual([]);
  });

  test('a file is one idea: no source file is longer than 250 lines', () => {
    const long = files.filter((file) => readFileSync(join(SRC, file), 'utf8').split('\n').length > 250);
    expect(long).toEqual([]);
  });
});
