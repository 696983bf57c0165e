import { getEventListeners } from 'node:events';
import { expect } from '@jest/globals';
import { type Kit, textOf } from './kit.js';

/** Calls a tool and returns its data; fails on an error or a text with missing values. */
export async function callTool<T>(kit: Kit, tool: string, args: Record<string, unknown> = {}): Promise<T> {
  const result = await kit.call(tool, args);
  const text = textOf(result);
  expect([result.isError, result.isError ? text : '']).toEqual([undefined, '']);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  return result.structuredContent as T;
}

/** The largest number of simultaneous abort listeners during a call. Node warns from the eleventh on. */
export async function mostListeners(kit: Kit, tool: string, args: Record<string, unknown>): Promise<number> {
  const { signal } = new AbortController();
  let most = 0;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (...listener: Parameters<typeof add>) => {
    add(...listener);
    most = Math.max(most, getEventListeners(signal, 'abort').length);
  };
  expect((await kit.call(tool, args, signal)).isError).toBeUndefined();
  return most;
}

/** The error text of a call that must fail. */
export async function errorTextOf(kit: Kit, tool: string, args: Record<string, unknown>): Promise<string> {
  const result = await kit.call(tool, args);
  expect(result.isError).toBe(true);
  return textOf(result);
}
