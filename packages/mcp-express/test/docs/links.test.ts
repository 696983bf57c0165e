import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { documentAt, documents, exists, PACKAGE, plain, proseOf, ROOT, tableBelow } from './support/markdown.js';

describe('links between documents', () => {
  const links = documents().flatMap((document) =>
    [...proseOf(document).matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({
      from: document.path,
      target,
    })),
  );

  test('are there to look at', () => {
    expect(links.length).toBeGreaterThan(30);
  });

  test('lead to files and headings that exist', () => {
    const broken = links.filter(({ target }) => !/^[a-z]+:/.test(target)).filter(isBroken);
    expect(broken).toEqual([]);
  });

  test('out of the repository are https, and to places that are meant', () => {
    const hosts = links.filter(({ target }) => /^[a-z]+:/.test(target)).map(({ target }) => new URL(target));
    expect(hosts.filter(({ protocol }) => protocol !== 'https:')).toEqual([]);
    expect([...new Set(hosts.map(({ host }) => host))].sort()).toEqual([
      'github.com',
      'keepachangelog.com',
      'modelcontextprotocol.io',
      'opentelemetry.io',
      'semver.org',
      'www.float.com',
    ]);
  });

  test('lead to every document from the root', () => {
    const reached = new Set(['README.md']);
    for (const path of reached) {
      for (const { from, target } of links) if (from === path && isPage(target)) reached.add(pathOf(from, target));
    }
    expect(
      documents()
        .map(({ path }) => path)
        .filter((path) => !reached.has(path)),
    ).toEqual([]);
  });
});

describe('the names in the documents', () => {
  test('the essay names files that exist', () => {
    const { text } = documentAt('docs/architecture.md');
    const named = [...text.matchAll(/`([a-z0-9/-]+(?:\.[a-z]+)*\.ts)`/g)].map(([, file = '']) => file);
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter((file) => !exists(file) && !exists(join('packages/mcp-express/src', file)))).toEqual([]);
  });

  test('the page about security names tests that exist', () => {
    const threats = tableBelow(documentAt('docs/security.md'), '## Threats');
    expect(threats.length).toBeGreaterThan(20);
    for (const [threat, , tests = ''] of threats) {
      const named = plain(tests).split(', ');
      expect([threat, named.filter((file) => !exists(join('packages/mcp-express/test', file)))]).toEqual([threat, []]);
    }
  });

  test('the essay describes every room, and no other', () => {
    const described = tableBelow(documentAt('docs/architecture.md'), '## The rooms').map(([room = '']) => plain(room));
    const rooms = readdirSync(join(PACKAGE, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(described.sort()).toEqual(rooms.map(({ name }) => `${name}/`).sort());
  });

  test('the README has every script of the workspace, and no other', () => {
    const described = tableBelow(documentAt('README.md'), '## Scripts').map(([command = '']) => plain(command));
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const commands = Object.keys(scripts).map((name) =>
      /^(start|test)$/.test(name) ? `npm ${name}` : `npm run ${name}`,
    );
    expect(described.sort()).toEqual(commands.sort());
  });

  test('the READMEs name the revisions that are served', async () => {
    const { SUPPORTED_REVISIONS } = await import('mcp-express');
    for (const path of ['README.md', 'packages/mcp-express/README.md']) {
      const sentence = /It speaks the revisions ([^.]*?)\./s.exec(documentAt(path).text)?.[1] ?? '';
      const named = [...sentence.matchAll(/\d{4}-\d{2}-\d{2}/g)].map(([revision]) => revision);
      expect([path, ...named.sort()]).toEqual([path, ...[...SUPPORTED_REVISIONS].sort()]);
    }
  });
});

function isBroken({ from, target }: { from: string; target: string }): boolean {
  const path = pathOf(from, target);
  if (!exists(path)) return true;
  const [, anchor] = target.split('#');
  return anchor !== undefined && !anchorsOf(path).includes(anchor);
}

function isPage(target: string): boolean {
  return /\.md(#|$)/.test(target) && !/^[a-z]+:/.test(target);
}

function pathOf(from: string, target: string): string {
  const [file = ''] = target.split('#');
  return file === '' ? from : normalize(join(dirname(from), file));
}

/** The anchors GitHub makes of headings. */
function anchorsOf(path: string): string[] {
  const headings = [...proseOf(documentAt(path)).matchAll(/^#{1,6} (.*)$/gm)];
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
