import { expect } from '@jest/globals';
import { begin, headOf } from '../../support/raw-client.js';
import { within } from '../../support/wait.js';
import type { Block, Document } from './markdown.js';
import { patternOf } from './transcript.js';

/** A command of a document and the answer that is printed below it. */
export interface Exchange {
  readonly name: string;
  readonly command: string;
  readonly answer: string;
}

/** Every `sh` block with curl that an `http` block follows. */
export function exchangesOf(path: string, blocks: readonly Block[]): Exchange[] {
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    if (!/^curl /.test(block.text) || block.language !== 'sh' || next?.language !== 'http') return [];
    return [{ name: `${path}:${block.line}`, command: block.text, answer: next.text }];
  });
}

/** Answers that stand below no command would be claims that nobody checks. */
export function strayAnswers({ blocks }: Document): number[] {
  return blocks
    .filter(({ language }, index) => {
      const before = blocks[index - 1];
      return language === 'http' && !(before?.language === 'sh' && before.text.startsWith('curl -si'));
    })
    .map(({ line }) => line);
}

/** What a shell would have in its variables. `SESSION`, `LAST`, `STATE` and `TASK` are taken from what the server said. */
export type Variables = Map<string, string>;

/** Sends what the command says and compares the answer with what the document shows. Needs no curl and no shell. */
export async function play({ command, answer }: Exchange, variables: Variables): Promise<void> {
  const { url, method, headers, body } = readCurl(command, variables);
  const response = await headOf(begin(url, { method, headers, body }));
  const [head = '', ...rest] = answer.split('\n\n');
  const [status = '', ...lines] = head.split('\n');
  expect(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}`).toBe(status);
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? [];
    expect([name, response.headers[name.toLowerCase()]]).toEqual([name, expect.stringMatching(patternOf(value))]);
  }
  const shown = await textLike(response, rest.join('\n\n'));
  const session = response.headers['mcp-session-id'];
  if (typeof session === 'string') variables.set('SESSION', session);
  const last = [...shown.matchAll(/^id: (.*)$/gm)].at(-1)?.[1];
  if (last !== undefined) variables.set('LAST', last);
  for (const [name, member] of [
    ['STATE', 'requestState'],
    ['TASK', 'taskId'],
  ] as const) {
    const value = new RegExp(`"${member}":"([^"]+)"`).exec(shown)?.[1];
    if (value !== undefined) variables.set(name, value);
  }
}

/** The body: all of it, or, when it is a stream that stays open, as soon as it is like the expected one. */
async function textLike(response: Awaited<ReturnType<typeof headOf>>, expected: string): Promise<string> {
  if (expected === '') return '';
  const pattern = patternOf(expected.trimEnd());
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const isOver = new Promise<void>((resolve) => {
    response.once('close', resolve).on('data', () => pattern.test(text.trimEnd()) && resolve());
  });
  await within('an answer like the one that is documented', isOver).catch(() => {});
  expect(text.trimEnd()).toMatch(pattern);
  return text;
}

interface Curl {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string | undefined>;
  readonly body: string | undefined;
}

/** The part of curl's options that documents use, with curl's own defaults. */
function readCurl(command: string, variables: Variables): Curl {
  const [, ...words] = wordsOf(command, variables);
  const headers: Curl['headers'] = { accept: '*/*' };
  let [url, method, body]: (string | undefined)[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-H') {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(words.shift() ?? '') ?? [];
      headers[name.toLowerCase()] = value;
    } else if (word === '-d') body = words.shift();
    else if (word === '-X') method = words.shift();
    else if (!word.startsWith('-')) url = word;
    else if (!/^-[siN]+$/.test(word)) throw new Error(`an option of curl that these tests do not know: ${word}`);
  }
  if (url === undefined) throw new Error(`no address in: ${command}`);
  if (body !== undefined) headers['content-type'] ??= 'application/x-www-form-urlencoded';
  return { url, method: method ?? (body === undefined ? 'GET' : 'POST'), headers, body };
}

/** Words as a shell splits them: quotes, variables in double quotes, pieces that stand together, lines that go on. */
function wordsOf(command: string, variables: Variables): string[] {
  const line = command.replaceAll(/\\\n\s*/g, ' ');
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"]+)+/g)].map(([word]) =>
    [...word.matchAll(/'([^']*)'|"([^"]*)"|([^'"]+)/g)]
      .map(([, single, double, bare]) => {
        return (
          single ?? (double ?? bare ?? '').replaceAll(/\$(\w+)/g, (_all, name: string) => setting(name, variables))
        );
      })
      .join(''),
  );
}

function setting(name: string, variables: Variables): string {
  const value = variables.get(name);
  if (value === undefined) throw new Error(`nothing has set $${name} yet`);
  return value;
}
