import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import express from 'express';
import { type McpServer, mcpRouter, serve } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { eventually } from '../support/wait.js';
import { exchangesOf, play } from './support/curl.js';
import { catchServers, isClosed, portOf } from './support/listening.js';
import { documents } from './support/markdown.js';
import { isModern, ModernPlayer } from './support/modern-player.js';
import { compile, modulePath, type Program, programsOf } from './support/programs.js';
import { isTranscript, Player } from './support/transcript.js';

const programs = documents().flatMap(programsOf);
const runnable = programs.filter(({ run }) => run).map((program) => [program.name, program] as const);

/** The authorization server says that it is a trial, without keys and storage of its own. */
function quietOfProvider(): void {
  const warn = console.warn.bind(console);
  const quiet = jest.spyOn(console, 'warn').mockImplementation((...words) => {
    if (!String(words[0]).includes('oidc-provider WARNING')) warn(...words);
  });
  onCleanup(() => quiet.mockRestore());
}

describe('the examples in the documents', () => {
  let diagnostics: string;

  beforeAll(() => {
    diagnostics = compile(programs);
  });

  test('are there, and nearly all of them are run', () => {
    expect(programs.length).toBeGreaterThan(15);
    expect(programs.length - runnable.length).toBeLessThanOrEqual(2);
  });

  test('compile, under the strict settings of this repository', () => {
    expect(diagnostics).toBe('');
  });

  test.each(runnable)('%s runs, and what is claimed of it is so', async (_name, program) => {
    const printed: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((...words) => void printed.push(words.join(' ')));
    onCleanup(() => log.mockRestore());
    quietOfProvider();
    const before = process.listeners('SIGTERM');
    const servers = catchServers();
    const exported = (await import(modulePath(program))) as { mcp?: McpServer };
    for (const listener of process.listeners('SIGTERM')) {
      if (!before.includes(listener)) process.off('SIGTERM', listener);
    }
    const own = await eventually('its server listens', () => {
      if (servers.every(isClosed)) return 'none';
      return servers[0]?.listening === true && `http://127.0.0.1:${portOf(servers[0])}`;
    });
    await checkClaims(program, own === 'none' ? await serveApart(exported.mcp) : own);
    const claimed = program.claims.filter(({ language }) => language === 'text').map(({ text }) => text);
    if (claimed.length > 0)
      await eventually('it prints', () => printed.length >= claimed.join('\n').split('\n').length);
    expect(printed.join('\n')).toBe(claimed.join('\n'));
  });

  test('have no transcript and no printed text that belongs to no program', () => {
    const claims = new Set(programs.flatMap((program) => program.claims));
    const stray = documents().flatMap(({ path, blocks }) =>
      blocks
        .filter((block) => isTranscript(block) || block.language === 'jsonc' || block.language === 'text')
        .filter((block) => ![...claims].some(({ text }) => text === block.text))
        .map(({ line }) => `${path}:${line}`),
    );
    expect(stray).toEqual([]);
  });
});

/** Plays the transcripts and the commands below a program, in the order they stand in. */
async function checkClaims({ claims, name }: Program, url: string | undefined): Promise<void> {
  const transcripts = claims.filter(isTranscript);
  if (transcripts.length > 0) {
    if (url === undefined)
      throw new Error('there is a transcript, but no `const mcp` and no server to play it against');
    const modern = new ModernPlayer(`${url}/mcp`);
    const session = transcripts.every(isModern) ? undefined : await Player.open(`${url}/mcp`);
    for (const transcript of transcripts) await (isModern(transcript) ? modern : session)?.play(transcript);
  }
  for (const exchange of exchangesOf(name, claims)) {
    const command = exchange.command.replaceAll('http://127.0.0.1:3000', url ?? 'nowhere');
    await play({ ...exchange, command }, new Map());
  }
}

/** For a program that makes a server and does not serve it: as anybody would. */
async function serveApart(mcp: McpServer | undefined): Promise<string | undefined> {
  if (mcp === undefined) return undefined;
  const { url } = await serve(express().use(mcpRouter(mcp)), { port: 0 });
  return url;
}
