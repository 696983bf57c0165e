import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

const MAGIC = 0xbeefc0de;
const PAGE_HEADER = 24;
const NO_PAGE = (1n << 64n) - 1n;

/** Offsets in a page and in its meta data, as LMDB lays them out on 64-bit little-endian machines. */
const PAGE = { number: 0, flags: 18, lower: 20, overflowPages: 20 } as const;
const META = { magic: 24, pageSize: 48, freeRoot: 88, mainRoot: 136, transaction: 152, boot: 160 } as const;
const NODE = { low: 0, high: 2, flags: 4, keySize: 6, data: 8 } as const;

const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const BIG_DATA = 0x01;
const SUB_TREE = 0x02;
const ROOT_IN_TREE = 40;

/** Attempts while another process writes to the file. */
const TRIES = 5;

/**
 * Checks every page that the newest state of the file reaches. LMDB trusts the file that it maps: a truncated or
 * overwritten one would crash the process instead of throwing an error.
 *
 * @throws Error with a description of the damage.
 */
export function assertWhole(path: string): void {
  const file = openSync(path, 'r');
  try {
    // Nothing was ever committed: LMDB initializes the file.
    if (fstatSync(file).size === 0) return;
    for (let left = TRIES; left > 0; left -= 1) {
      const state = newest(file);
      try {
        return walkFrom(file, state);
      } catch (damage) {
        // Another process committed during the check, and may have reused pages that were read: check again.
        if (newest(file).transaction === state.transaction) throw damage;
      }
    }
  } finally {
    closeSync(file);
  }
}

interface State {
  readonly transaction: bigint;
  readonly pageSize: number;
  readonly roots: readonly bigint[];
  /** The boot of the operating system in which it was written. */
  readonly boot: bigint;
}

function newest(file: number): State {
  const first = stateAt(file, 0);
  const second = stateAt(file, first.pageSize);
  return second.transaction > first.transaction ? second : first;
}

function stateAt(file: number, offset: number): State {
  const meta = read(file, offset, META.boot + 8);
  const pageSize = meta.readUInt32LE(META.pageSize);
  const isMeta = meta.readUInt32LE(META.magic) === MAGIC && pageSize >= 512 && pageSize <= 65_536;
  if (!isMeta) throw new Error('it is no LMDB file, or its beginning is damaged');
  return stateIn(meta, pageSize);
}

function stateIn(meta: Buffer, pageSize: number): State {
  return {
    transaction: meta.readBigUInt64LE(META.transaction),
    pageSize,
    roots: [meta.readBigUInt64LE(META.freeRoot), meta.readBigUInt64LE(META.mainRoot)],
    boot: meta.readBigInt64LE(META.boot),
  };
}

/**
 * After a power failure LMDB falls back to the last state that was flushed to disk, which it records beside the newest.
 */
function walkFrom(file: number, state: State): void {
  try {
    walk(file, state);
  } catch (damage) {
    const flushed = stateIn(read(file, state.pageSize / 2, META.boot + 8), state.pageSize);
    if (flushed.transaction === 0n || state.boot === thisBoot()) throw damage;
    walk(file, flushed);
  }
}

/** The boot id in the form that LMDB stores; `undefined` where the system does not provide one. */
function thisBoot(): bigint | undefined {
  try {
    return BigInt(`0x${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)}`);
  } catch {
    return undefined;
  }
}

function walk(file: number, { pageSize, roots }: State): void {
  const { size } = fstatSync(file);
  const seen = new Set<bigint>();
  const open = roots.filter((root) => root !== NO_PAGE);
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    if (seen.has(number) || number >= BigInt(Math.floor(size / pageSize))) throw damaged(number);
    seen.add(number);
    const page = read(file, Number(number) * pageSize, pageSize);
    if (page.readBigUInt64LE(PAGE.number) !== number) throw damaged(number);
    for (const next of pagesOf(page, number)) {
      if (typeof next === 'bigint') open.push(next);
      else assertOverflow(file, next.first, pageSize, size);
    }
  }
}

/** The root of a tree, or the first of the pages of a large value. */
type Next = bigint | { readonly first: bigint };

/** The pages that a page refers to. */
function* pagesOf(page: Buffer, number: bigint): Generator<Next> {
  const flags = page.readUInt16LE(PAGE.flags);
  const isBranch = (flags & BRANCH) !== 0;
  const count = page.readUInt16LE(PAGE.lower) >> 1;
  if (isBranch === ((flags & LEAF) !== 0) || PAGE_HEADER + count * 2 > page.length) throw damaged(number);
  for (let i = 0; i < count; i += 1) {
    const at = PAGE_HEADER + page.readUInt16LE(PAGE_HEADER + i * 2);
    if (at + NODE.data > page.length) throw damaged(number);
    const next = isBranch ? childAt(page, at) : valueAt(page, at, number);
    if (next !== NO_PAGE) yield next;
  }
}

function childAt(page: Buffer, at: number): bigint {
  return BigInt(sizeAt(page, at)) + (BigInt(page.readUInt16LE(at + NODE.flags)) << 32n);
}

function valueAt(page: Buffer, at: number, number: bigint): Next {
  const kind = page.readUInt16LE(at + NODE.flags);
  const data = at + NODE.data + page.readUInt16LE(at + NODE.keySize);
  const isBig = (kind & BIG_DATA) !== 0;
  if (data + (isBig ? 8 : sizeAt(page, at)) > page.length) throw damaged(number);
  if (isBig) return { first: page.readBigUInt64LE(data) };
  return (kind & SUB_TREE) === 0 ? NO_PAGE : page.readBigUInt64LE(data + ROOT_IN_TREE);
}

function sizeAt(page: Buffer, at: number): number {
  return page.readUInt16LE(at + NODE.low) + page.readUInt16LE(at + NODE.high) * 0x10000;
}

function assertOverflow(file: number, first: bigint, pageSize: number, size: number): void {
  const at = Number(first) * pageSize;
  if (at + pageSize > size) throw damaged(first);
  const head = read(file, at, PAGE_HEADER);
  const isOne = head.readBigUInt64LE(PAGE.number) === first && (head.readUInt16LE(PAGE.flags) & OVERFLOW) !== 0;
  if (!isOne || at + head.readUInt32LE(PAGE.overflowPages) * pageSize > size) throw damaged(first);
}

function read(file: number, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  if (readSync(file, buffer, 0, length, offset) < length) throw new Error('it is no LMDB file, or it was cut');
  return buffer;
}

function damaged(page: bigint): Error {
  return new Error(`it is damaged (page ${page})`);
}
