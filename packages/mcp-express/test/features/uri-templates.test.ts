import { describe, expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { openWire, type WireSession } from './wire-session.js';

/** What a read of `uri` gives when `template` is all there is: the variables, or the error. */
async function read(template: string, uri: string): Promise<unknown> {
  const mcp = new McpServer({ name: 't', version: '1' });
  mcp.registerResource('t', new ResourceTemplate(template), {}, (_uri, variables) => JSON.stringify(variables));
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  const { result, error } = await session.ask('resources/read', { uri });
  return result === undefined ? error.code : JSON.parse(result.contents[0].text);
}

const NOT_FOUND = -32002;

/**
 * The expansions of RFC 6570, section 3.2, read backwards. Not among them: a value that is undefined or empty leaves no
 * trace, and a list that is not exploded looks like several values.
 */
describe('a URI is read by its template (RFC 6570, level 4)', () => {
  test.each([
    // 3.2.2 Simple string expansion
    ['x://{var}', 'x://value', { var: 'value' }],
    ['x://{hello}', 'x://Hello%20World%21', { hello: 'Hello World!' }],
    ['x://{half}', 'x://50%25', { half: '50%' }],
    ['x://O{var}X', 'x://OvalueX', { var: 'value' }],
    ['x://map?{x,y}', 'x://map?1024,768', { x: '1024', y: '768' }],
    ['x://{x,hello,y}', 'x://1024,Hello%20World%21,768', { x: '1024', hello: 'Hello World!', y: '768' }],
    ['x://{var:3}', 'x://val', { var: 'val' }],
    ['x://{list*}', 'x://red,green,blue', { list: ['red', 'green', 'blue'] }],
    // 3.2.3 Reserved expansion
    ['x://{+var}', 'x://value', { var: 'value' }],
    ['x://{+base}index', 'x://http://example.com/home/index', { base: 'http://example.com/home/' }],
    ['x://{+path}/here', 'x:///foo/bar/here', { path: '/foo/bar' }],
    ['x://here?ref={+path}', 'x://here?ref=/foo/bar', { path: '/foo/bar' }],
    ['x://{+path,x}/here', 'x:///foo/bar,1024/here', { path: '/foo/bar', x: '1024' }],
    ['x://{+list*}', 'x://red,green,blue', { list: ['red', 'green', 'blue'] }],
    // 3.2.4 Fragment expansion
    ['x://a{#var}', 'x://a#value', { var: 'value' }],
    ['x://a{#path,x}/here', 'x://a#/foo/bar,1024/here', { path: '/foo/bar', x: '1024' }],
    ['x://a{#path:6}here', 'x://a#/foo/bhere', { path: '/foo/b' }],
    // 3.2.5 Label expansion
    ['x://www{.dom*}', 'x://www.example.com', { dom: ['example', 'com'] }],
    ['x://X{.x,y}', 'x://X.1024.768', { x: '1024', y: '768' }],
    // 3.2.6 Path segment expansion
    ['x://a{/who}', 'x://a/fred', { who: 'fred' }],
    ['x://a{/half,who}', 'x://a/50%25/fred', { half: '50%', who: 'fred' }],
    ['x://a{/var,x}/here', 'x://a/value/1024/here', { var: 'value', x: '1024' }],
    ['x://a{/list*}', 'x://a/red/green/blue', { list: ['red', 'green', 'blue'] }],
    // 3.2.7 Path-style parameters
    ['x://a{;x,y}', 'x://a;x=1024;y=768', { x: '1024', y: '768' }],
    ['x://a{;x,y,empty}', 'x://a;x=1024;y=768;empty', { x: '1024', y: '768', empty: '' }],
    ['x://a{;hello:5}', 'x://a;hello=Hello', { hello: 'Hello' }],
    ['x://a{;list*}', 'x://a;list=red;list=green', { list: ['red', 'green'] }],
    // 3.2.8 Form-style query
    ['x://a{?x,y}', 'x://a?x=1024&y=768', { x: '1024', y: '768' }],
    ['x://a{?x,y,empty}', 'x://a?x=1024&y=768&empty=', { x: '1024', y: '768', empty: '' }],
    ['x://a{?var:3}', 'x://a?var=val', { var: 'val' }],
    ['x://a{?list*}', 'x://a?list=red&list=green&list=blue', { list: ['red', 'green', 'blue'] }],
    // 3.2.9 Form-style query continuation
    ['x://a?fixed=yes{&x}', 'x://a?fixed=yes&x=1024', { x: '1024' }],
    ['x://a?f=1{&x,y,empty}', 'x://a?f=1&x=1024&y=768&empty=', { x: '1024', y: '768', empty: '' }],
    // Several expressions
    ['x://{year}/{number}', 'x://2025/17', { year: '2025', number: '17' }],
    ['x://{a}-{b}', 'x://1-2', { a: '1', b: '2' }],
    ['x://a{/id}{?q}', 'x://a/7?q=1', { id: '7', q: '1' }],
    ['x://a{?x}{&y}', 'x://a?x=1&y=2', { x: '1', y: '2' }],
    ['x://a{/b}{/c}', 'x://a/1/2', { b: '1', c: '2' }],
  ])('%s of %s', async (template, uri, variables) => {
    expect(await read(template, uri)).toEqual(variables);
  });

  test.each([
    ['x://a{?q}', 'x://a', {}],
    ['x://a{/id}', 'x://a', {}],
    ['x://a{/id}{?q}', 'x://a/7', { id: '7' }],
    ['x://a{/id}{?q}', 'x://a?q=1', { q: '1' }],
    ['x://a{/id}{#f}', 'x://a#f', { f: 'f' }],
    ['x://a{?x}{#f}', 'x://a#f', { f: 'f' }],
    ['x://a{?x,y}', 'x://a?y=2', { y: '2' }],
  ])('what is undefined leaves no trace: %s of %s (RFC 6570, 3.2.1)', async (template, uri, variables) => {
    expect(await read(template, uri)).toEqual(variables);
  });

  test.each([
    ['x://{id}', 'x://'],
    ['x://{id}', 'x://a/b'],
    ['x://{id}', 'x://a?b'],
    ['x://{id}', 'x://a%2'],
    ['x://{id}', 'x://%ff'],
    ['x://{id}', 'y://a'],
    ['x://{id}/end', 'x://a/en'],
    ['x://a{?x}', 'x://a?y=1'],
    ['x://a{?x}', 'x://a?x=1&x=2'],
    ['x://a{/id}', 'x://ab'],
    ['x://a', 'x://b'],
  ])('%s is not the template of %s', async (template, uri) => {
    expect(await read(template, uri)).toBe(NOT_FOUND);
  });

  test('a value that looks like a property of objects is a value', async () => {
    expect(await read('x://{constructor}', 'x://__proto__')).toEqual({ constructor: '__proto__' });
  });

  test.each(['x://{', 'x://}', 'x://{}', 'x://{a b}', 'x://{!a}', 'x://{a', 'x://{a}}', 'x://{a{b}}', 'x://{,a}'])(
    '%s is refused when it is written',
    (template) => {
      expect(() => new ResourceTemplate(template)).toThrow(/RFC 6570/);
    },
  );
});

describe('what a template makes of a long URI (CVE-2026-0621, GHSA-8r9q-7v3j-jr4g)', () => {
  const EVIL_MS = 100;
  const EVIL: readonly (readonly [string, string])[] = [
    ['x://{/id*}', `x://${'a,'.repeat(50_000)}!`],
    ['x://{/id*}', `x:///${'a,'.repeat(50_000)}!`],
    ['x://{/id*}', `x://${'/a'.repeat(50_000)}!`],
    ['x://{?t*}', `x://${'a,'.repeat(50_000)}!`],
    ['x://{?t*}', `x://?t=${'a,'.repeat(50_000)}!`],
    ['x://{?t*}', `x://?${'t=a&'.repeat(25_000)}!`],
    ['x://{;t*}', `x://${';t=a'.repeat(25_000)}!`],
    ['x://{.t*}', `x://${'.a'.repeat(50_000)}!`],
    ['x://{t*}', `x://${'a,'.repeat(50_000)}!`],
    ['x://{+a}{/b}{.c}{+d}x', `x://${'/.'.repeat(50_000)}!`],
    ['x://{a}a{b}a{c}a{d}!', `x://${'a'.repeat(100_000)}`],
    ['x://{id}', `x://${'%41'.repeat(33_000)}%`],
  ];

  async function pingTime(session: WireSession): Promise<number> {
    const begun = performance.now();
    await session.ask('ping');
    return performance.now() - begun;
  }

  test.each(EVIL.map(([template, uri]) => [template, `${uri.slice(0, 16)}…`, uri] as const))(
    '%s of 100 kB of %s is answered within 100 ms, and so is a ping beside it',
    async (template, _shown, uri) => {
      const mcp = new McpServer({ name: 't', version: '1' });
      mcp.registerResource('t', new ResourceTemplate(template), {}, () => 'read');
      const { url } = await startServer({ mcp });
      const session = await openWire(url);
      const attempt = async (): Promise<readonly number[]> => {
        const begun = performance.now();
        const reading = session.ask('resources/read', { uri }).then(() => performance.now() - begun);
        return Promise.all([reading, pingTime(session)]);
      };
      await session.ask('ping');
      // A busy machine may be slow once; the class of bug takes minutes.
      const attempts = [await attempt(), await attempt(), await attempt()];
      expect(Math.min(...attempts.map((times) => Math.max(...times)))).toBeLessThan(EVIL_MS);
    },
  );
});
