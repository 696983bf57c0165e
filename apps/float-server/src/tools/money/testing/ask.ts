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

/** What a refused call says. */
export async function refusal(kit: Kit, tool: string, args: Record<string, unknown>): Promise<string> {
  const result = await kit.call(tool, args);
  expect(result.isError).toBe(true);
  return textOf(result);
}
