import { expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { startServer } from '../../support/start-server.js';
import { advisory } from './rows.js';
import { type Ask, asker, ERAS } from './two-principals.js';

const SIZE = 100_000;
const ATTEMPTS = 3;
const SOON_MS = 2_000;

/** What a pattern that tries every way to cut a text would not come to the end of. */
const HOSTILE: readonly string[] = [
  `x://${'a,'.repeat(SIZE / 2)}!`,
  `x:///${'a,'.repeat(SIZE / 2)}!`,
  `x://${'/a'.repeat(SIZE / 2)}!`,
  `x://q?t=${'a,'.repeat(SIZE / 2)}!`,
  `x://q?${'t=a&'.repeat(SIZE / 4)}!`,
  `x://q?${'t='.repeat(SIZE / 2)}`,
  `x://${'%61'.repeat(SIZE / 3)}%`,
  `x://${'.a'.repeat(SIZE / 2)};`,
];

function exploding(): McpServer {
  const mcp = new McpServer({ name: 'templates', version: '1' });
  const templates = ['x://{/id*}', 'x://q{?t*}', 'x://{+a}{+b*}!', 'x://{a*}{b*}{c*}?', 'x://z{;l*}{.d*}{#f*}'];
  for (const [index, template] of templates.entries()) {
    mcp.registerResource(`t${index}`, new ResourceTemplate(template), {}, () => 'read');
  }
  return mcp;
}

/** How long a read of `uri`, and a `ping` beside it, took. */
async function timed(ask: Ask, other: Ask, uri: string): Promise<number> {
  const begun = performance.now();
  const hostile = ask('resources/read', { uri });
  await other('tools/list');
  const { json } = await hostile;
  expect(json.error?.code ?? 0).not.toBe(-32603);
  return performance.now() - begun;
}

advisory('CVE-2026-0621', () => {
  test.each(ERAS)(
    '100 kB that match no exploded template are answered at once, and so is everybody else, in %s',
    async (era) => {
      const { url } = await startServer({ mcp: exploding() });
      // A header cannot repeat so long a name; a request without it is refused before anything is matched.
      const ask = await asker(url, era);
      const other = await asker(url, era);
      const short = era === 'sessions' ? HOSTILE : HOSTILE.map((uri) => uri.slice(0, 5_000) + uri.slice(-1));
      for (const uri of short) {
        // The quickest of a few: what a busy machine adds is no fault of the pattern.
        const times: number[] = [];
        for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) times.push(await timed(ask, other, uri));
        expect([uri.slice(0, 20), Math.min(...times) < SOON_MS]).toEqual([uri.slice(0, 20), true]);
      }
    },
  );

  test('what does match is read all the same', async () => {
    const { url } = await startServer({ mcp: exploding() });
    const ask = await asker(url, 'sessions');
    for (const uri of ['x:///a/b/c', 'x://q?t=1&t=2']) {
      expect((await ask('resources/read', { uri })).json.result.contents[0].text).toBe('read');
    }
  });
});
