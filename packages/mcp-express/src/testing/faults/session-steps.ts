import type { SessionLimits, SessionRecord, Store } from '../../store/store.js';
import { newRecord } from '../suite.js';
import type { FaultStep } from './fault-suite.js';

const MINUTE_MS = 60_000;
const ROOMY: SessionLimits = { total: 1_000, perOwner: 1_000 };
const CREATED = { created: true, evicted: [] };

const soon = (): number => Date.now() + MINUTE_MS;

const create =
  (record: SessionRecord, limits = ROOMY) =>
  (store: Store) =>
    store.sessions.create(record, soon(), limits);

/** A step on an existing session. */
function onSession(name: string, made: (record: SessionRecord) => Omit<FaultStep, 'name' | 'prepare'>): FaultStep {
  const record = newRecord();
  const read = async (store: Store): Promise<unknown> => (await store.sessions.read(record.id))?.id;
  const unchanged = { see: read, before: record.id, after: record.id };
  return { name: `sessions.${name}`, prepare: create(record), ...unchanged, ...made(record) };
}

/** Steps on sessions. */
export function sessionSteps(): readonly FaultStep[] {
  return [creating(), makingRoom(), ...using(), ...changing(), ...looking()];
}

function creating(): FaultStep {
  const record = newRecord();
  return {
    name: 'sessions.create',
    run: create(record),
    gives: [CREATED],
    see: async (store) => (await store.sessions.read(record.id)) ?? 'none',
    before: 'none',
    after: record,
  };
}

/** A failed creation must not evict the old session. Each attempt creates another session. */
function makingRoom(): FaultStep {
  const old = newRecord();
  let fresh = old;
  return {
    name: 'sessions.create, where another makes room',
    prepare: create(old),
    run: async ({ sessions }) => {
      const before = fresh;
      fresh = newRecord({ owner: old.owner });
      const outcome = await sessions.create(fresh, soon(), { total: 1_000, perOwner: 1 });
      return {
        ...outcome,
        evicted: 'evicted' in outcome && outcome.evicted.map((id) => id === old.id || id === before.id),
      };
    },
    gives: [{ created: true, evicted: [true] }],
    see: async ({ sessions }) => {
      const ids = fresh === old ? [old.id] : [old.id, fresh.id];
      const found = await Promise.all(ids.map((id) => sessions.read(id)));
      return found.map((record) => record !== undefined);
    },
    before: [true, false],
    after: [false, true],
  };
}

function using(): readonly FaultStep[] {
  return [
    onSession('touch', (record) => ({
      run: ({ sessions }) => sessions.touch(record.id, record.owner, soon()),
      gives: [record],
    })),
    onSession('read', (record) => ({ run: ({ sessions }) => sessions.read(record.id), gives: [record] })),
    onSession('hold', ({ id }) => ({ run: ({ sessions }) => sessions.hold(id, soon()), gives: [undefined] })),
    onSession('release', ({ id }) => ({ run: ({ sessions }) => sessions.release(id, soon()), gives: [undefined] })),
  ];
}

function changing(): readonly FaultStep[] {
  const lists = { tools: 'v2' };
  return [
    onSession('setLogLevel', ({ id }) => ({
      run: ({ sessions }) => sessions.setLogLevel(id, 'error'),
      gives: [true],
      see: async ({ sessions }) => (await sessions.read(id))?.logLevel ?? 'none',
      before: 'none',
      after: 'error',
    })),
    onSession('swapLists', (record) => ({
      run: ({ sessions }) => sessions.swapLists(record.id, lists),
      gives: [record.lists],
      givesAgain: [lists],
      see: async ({ sessions }) => (await sessions.read(record.id))?.lists,
      before: record.lists,
      after: lists,
    })),
    onSession('delete', ({ id }) => ({
      run: ({ sessions }) => sessions.delete(id),
      gives: [true],
      givesAgain: [false],
      see: async ({ sessions }) => (await sessions.read(id)) !== undefined,
      before: true,
      after: false,
    })),
  ];
}

/** Other steps create sessions at the same time, so the number of sessions is unknown, but more than 0. */
function looking(): readonly FaultStep[] {
  return [
    onSession('count', () => ({ run: async ({ sessions }) => (await sessions.count()) > 0, gives: [true] })),
    onSession('takeExpired', () => ({ run: async ({ sessions }) => sessions.takeExpired?.() ?? [], gives: [[]] })),
  ];
}
