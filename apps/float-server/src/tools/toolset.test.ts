import { expect, test } from '@jest/globals';
import type { FloatClient } from 'float-api';
import { createFloatServer } from '../mcp-server.js';
import { granularTools } from './granular/index.js';
import { tools } from './index.js';
import { toolsOf } from './toolset.js';

const names = (sets: Parameters<typeof toolsOf>[0]) => toolsOf(sets).map(({ name }) => name);

test('each set has its tools, and together each name is there once', () => {
  expect(toolsOf(['consolidated'])).toEqual(tools);
  expect(toolsOf(['granular'])).toEqual(granularTools);
  const all = names(['granular', 'aliases', 'consolidated']);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual(expect.arrayContaining(['list-people', 'list-tasks', 'who-is-free']));
  expect(names(['granular'])).not.toContain('list-tasks');
});

test('the default is the consolidated one, short enough to be chosen from', () => {
  expect(tools.length).toBeLessThanOrEqual(25);
});

test.each([[['granular']], [['granular', 'aliases']], [['consolidated', 'granular', 'aliases']]] as const)(
  'the server takes %j',
  (sets) => {
    expect(() => createFloatServer({ api: {} as FloatClient, today: () => '2026-11-23' }, sets)).not.toThrow();
  },
);
