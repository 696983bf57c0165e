import { expect, test } from '@jest/globals';
import express from 'express';
import { mcpRouter, serve } from 'mcp-express';
import { fixtureServer } from '../../fixture/src/server.js';
import { ERRORS } from '../../src/ground/errors.js';
import { onCleanup } from '../support/cleanup.js';
import { exchangesOf, play, strayAnswers } from './support/curl.js';
import { documentAt, documents, plain, tableBelow } from './support/markdown.js';

const wire = documentAt('docs/wire.md');

test('every command on the page about the wire is answered as the page says', async () => {
  const server = await serve(express().use(mcpRouter(fixtureServer())), { port: 0 });
  onCleanup(() => server.close({ graceMs: 0 }));
  const variables = new Map([['URL', `${server.url}/mcp`]]);
  const exchanges = exchangesOf(wire.path, wire.blocks);
  expect(exchanges.length).toBeGreaterThan(25);
  for (const exchange of exchanges) {
    await play(exchange, variables).catch((cause: unknown) => {
      throw new Error(`${exchange.name}: ${String(cause)}`, { cause });
    });
  }
});

test('no answer is shown below something else than a command', () => {
  expect(documents().flatMap((document) => strayAnswers(document).map((line) => `${document.path}:${line}`))).toEqual(
    [],
  );
});

test('the table names codes that exist, with their status', () => {
  const rows = tableBelow(wire, '## The table');
  expect(rows.length).toBeGreaterThan(25);
  for (const [request, answer = '', reasons = ''] of rows) {
    for (const code of plain(reasons)
      .split(', ')
      .filter((word) => word !== '')) {
      expect([request, code, ERRORS[code as keyof typeof ERRORS]?.status]).toEqual([
        request,
        code,
        Number.parseInt(answer, 10),
      ]);
    }
  }
});

test('every refusal of a whole HTTP request is in the table', () => {
  const named = tableBelow(wire, '## The table').flatMap(([, , reasons = '']) => plain(reasons).split(', '));
  // Those that a client cannot see as the status of a request, or only because of the application or the store.
  const apart = ['insufficient-scope', 'rate-limited', 'internal-error', 'session-ended', 'too-many-streams'];
  const others = ['body-unreadable', 'session-header-malformed', 'store-unavailable', ...apart];
  const refusals = Object.entries(ERRORS).filter(([code, { status }]) => status !== 200 && !others.includes(code));
  expect(refusals.map(([code]) => code).filter((code) => !named.includes(code))).toEqual([]);
});
