import { expect, jest, test } from '@jest/globals';
import { createLogger } from './logger.js';
import { takeOutput } from './stray-output.js';

function logged(level: 'debug' | 'warn' | 'silent' = 'debug', secrets: string[] = []) {
  const lines: string[] = [];
  const now = () => new Date('2026-11-23T08:00:00Z');
  return { lines, logger: createLogger({ level, secrets, now, write: (line) => lines.push(line) }) };
}

test('one JSON object per line', () => {
  const { lines, logger } = logged();
  logger.info('call ended', { durationMs: 3, name: 'who-is-free' });
  logger.warn('two\nlines');
  expect(lines).toEqual([
    '{"level":"info","time":"2026-11-23T08:00:00.000Z","durationMs":3,"name":"who-is-free","message":"call ended"}\n',
    '{"level":"warn","time":"2026-11-23T08:00:00.000Z","message":"two\\nlines"}\n',
  ]);
});

test('nothing below the level is written, and nothing at all when silent', () => {
  const { lines, logger } = logged('warn');
  logger.debug('no');
  logger.info('no');
  logger.error('yes');
  expect(lines).toHaveLength(1);
  const silent = logged('silent');
  silent.logger.error('no');
  expect(silent.lines).toEqual([]);
});

test('secrets are redacted by value, by name and by form', () => {
  const { lines, logger } = logged('debug', ['k-123']);
  const cause = new Error('sent Authorization: Bearer abc.def~x to k-123');
  logger.error('failed with k-123', {
    apiKey: 'x',
    headers: { authorization: 'y', cookie: 'z' },
    tokens: ['t'],
    cause,
  });
  expect(lines[0]).not.toMatch(/k-123|abc\.def|"x"|"y"|"z"|"t"/);
  expect(lines[0]).toContain('Bearer [redacted]');
});

test('names are compared by their words, texts looked into, and lines bounded, as in audit records', () => {
  const { lines, logger } = logged();
  logger.info('reading https://ann:hunter2@api.example/', {
    passwordHash: 'hunter2',
    login: { pinCode: 'hunter2', author: 'Ann', keyboard: 'de' },
    pair: { name: 'X-Api-Key', value: 'hunter2' },
    url: 'redis://:hunter2@db/0?access_token=hunter2',
    name: 'x'.repeat(4_000_000),
    arguments: () => 'hunter2',
  });
  expect(lines[0]).not.toContain('hunter2');
  expect(lines[0]!.length).toBeLessThan(4_000);
  expect(JSON.parse(lines[0]!)).toMatchObject({ login: { author: 'Ann', keyboard: 'de' } });
  expect(lines[0]).toContain('[cut: 4000000 characters]');
});

test('a secret is hidden as JSON writes it, too', () => {
  const { lines, logger } = logged('debug', ['a"b\\c']);
  logger.info('sent a"b\\c', { text: 'and a"b\\c' });
  expect(lines[0]).not.toContain('b\\\\c');
});

test('an error that is its own cause ends', () => {
  const { lines, logger } = logged();
  const error = new Error('round');
  error.cause = error;
  logger.error('failed', { error, big: 1n });
  expect(JSON.parse(lines[0]!)).toMatchObject({ error: { name: 'Error', message: 'round' }, big: '1' });
});

test('every line is JSON, whatever a library prints (R59)', () => {
  const { lines, logger } = logged();
  const raw: string[] = [];
  const write = (text: string) => raw.push(text) > 0;
  const listeners = new Map<string, (...args: unknown[]) => void>();
  const exits: unknown[] = [];
  const streams = { stdout: { write }, stderr: { write } };
  const fake = {
    ...streams,
    on: (name: string, listener: () => void) => listeners.set(name, listener),
    removeAllListeners: (name: string) => listeners.delete(name),
    exit: (code: number) => exits.push(code),
  } as unknown as NodeJS.Process;
  const output = takeOutput(fake);
  output.logOthers(logger);
  const done = jest.fn();
  fake.stderr.write('warning: old option\nsecond line\n');
  fake.stdout.write(Buffer.from('Authorization: Bearer abc.def'), 'utf8', done);
  fake.stdout.write('\n');
  const warning = Object.assign(new Error('is deprecated'), { name: 'DeprecationWarning' });
  listeners.get('warning')?.(warning);
  listeners.get('uncaughtException')?.(new TypeError('of a timer'), 'uncaughtException');
  output.stdout('ready');
  expect(raw).toEqual(['ready']);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'warn', message: 'written to stderr', text: 'warning: old option\nsecond line' },
    { level: 'warn', message: 'written to stdout', text: expect.not.stringContaining('abc.def') },
    { level: 'warn', message: 'is deprecated', type: 'DeprecationWarning', stack: expect.stringContaining('at ') },
    { level: 'error', message: 'crashed', error: { name: 'TypeError', message: 'of a timer' } },
  ]);
  expect(exits).toEqual([1]);
});
