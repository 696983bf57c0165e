import { getEventListeners } from 'node:events';
import { expect } from '@jest/globals';
import { type Kit, textOf } from '../../testing/kit.js';

/** The data of an answer whose text has no hole in it. */
export async function ask<T>(kit: Kit, tool: string, args: Record<string, unknown> = {}): Promise<T> {
  const result = await kit.call(tool, args);
  const text = textOf(result);
  expect([result.isError, result.isError ? text : '']).toEqual([undefined, '']);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  return result.structuredContent as T;
}

/** How many things at once waited for the call to be cancelled. Node warns of a leak from the eleventh on. */
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

/** What a refused call says. */
export async function refusal(kit: Kit, tool: string, args: Record<string, unknown>): Promise<string> {
  const result = await kit.call(tool, args);
  expect(result.isError).toBe(true);
  return textOf(result);
}
