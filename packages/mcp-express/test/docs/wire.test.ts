import { expect, test } from '@jest/globals';
import express from 'express';
import { mcpRouter, serve } from 'mcp-express';
import { fixtureServer } from '../../fixture/src/server.js';
import { ERRORS } from '../../src/protocol/errors.js';
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

const TABLES = ['## The table', '## The table of 2026-07-28'].flatMap((heading) => tableBelow(wire, heading));

test('the tables name codes that exist, with their status', () => {
  expect(TABLES.length).toBeGreaterThan(45);
  for (const [request, answer = '', reasons = ''] of TABLES) {
    const named = plain(reasons)
      .split(', ')
      .filter((word) => word !== '');
    for (const code of named) {
      // An error that answers a call is no refusal of its HTTP request.
      const isAnswer = answer === '200, a JSON-RPC error';
      const status = isAnswer && code in ERRORS ? 200 : ERRORS[code as keyof typeof ERRORS]?.status;
      expect([request, code, status]).toEqual([request, code, Number.parseInt(answer, 10)]);
    }
  }
});

test('every refusal of a whole HTTP request is in a table', () => {
  const named = TABLES.flatMap(([, , reasons = '']) => plain(reasons).split(', '));
  // Those that a client cannot see as the status of a request, or only because of the application or the store.
  const apart = ['internal-error', 'session-ended'];
  const others = ['body-unreadable', 'session-header-malformed', 'store-unavailable', ...apart];
  const refusals = Object.entries(ERRORS).filter(([code, { status }]) => status !== 200 && !others.includes(code));
  expect(refusals.map(([code]) => code).filter((code) => !named.includes(code))).toEqual([]);
});
