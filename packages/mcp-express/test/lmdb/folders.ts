import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanup } from '../support/cleanup.js';

/** A directory for a store, gone when the test is over. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lmdb-'));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const dataOf = (folder: string): string => join(folder, 'data.mdb');

export const sizeOf = (folder: string): number => statSync(dataOf(folder)).size;

export function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
