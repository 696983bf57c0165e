import type { Store } from 'mcp-express';
import { ALL } from './pages.js';

const HOUR_MS = 60 * 60_000;
const LIMITS = { total: 100, perOwner: 100 };
const SUBSCRIPTIONS = { count: 10, bytes: 10_000 };

const KEY = { session: 'session', stream: 'stream' };
const OWING = { session: 'session', stream: 'owing' };
const EMPTY = { session: 'session', stream: 'empty' };

/** Stores a little of every kind of data that a store keeps. */
export async function fillRecorded(store: Store, now: number): Promise<void> {
  const { sessions, streams, subscriptions, tasks } = store;
  const shared = { revision: '2025-11-25', client: { name: 'client', version: '1' }, capabilities: { roots: {} } };
  const record = { ...shared, standalone: 'own', createdAt: now, lists: { tools: '1' } };
  await sessions.create({ ...record, id: 'session', owner: 'ann', logLevel: 'info' }, now + HOUR_MS, LIMITS);
  await sessions.create({ ...record, id: 'anonymous', owner: '', holder: '192.0.2.1' }, now + HOUR_MS, LIMITS);
  await sessions.touch('session', 'ann', now + HOUR_MS);
  await sessions.hold('session', now + HOUR_MS);
  await sessions.swapLists('session', { tools: '2' });
  await subscriptions.add('session', { uri: 'file:///a', key: 'file:///a' }, SUBSCRIPTIONS);
  await subscriptions.add('session', { uri: 'file:///b', key: 'file:///b' }, SUBSCRIPTIONS);
  await subscriptions.mark('file:///b');
  await streams.open(KEY, undefined, 'ann');
  await streams.append(
    KEY,
    [{ data: '{"n":1}' }, { data: '{"answer":1}', answer: true, shortForm: '{"instead":1}' }],
    true,
  );
  await streams.delivered(KEY, 'stream.1');
  await streams.open(OWING, { node: 'node', errors: ['{"place":0}', '{"place":1}'] });
  await streams.append(OWING, [{ data: '{"paid":0}', answer: true, pendingIndex: 0 }]);
  await streams.open(EMPTY);
  const task = { id: 'task', owner: 'ann', holder: 'ann', node: 'node', status: 'working', createdAt: now } as const;
  const times = { updatedAt: now, expiresAt: now + HOUR_MS, ttlMs: HOUR_MS, pollIntervalMs: 1_000 };
  await tasks.create({ ...task, ...times, scopes: 'a b' }, LIMITS);
  await tasks.update('task', { status: 'completed', payload: '{"content":[]}', updatedAt: now });
  await store.claims.claim('claimed', now + HOUR_MS);
  await store.leases.hold('node', now + HOUR_MS);
  await store.leases.missedFor('missed');
  await store.versions.bump('tools');
  await store.values.agree('key', 'secret');
  await store.bus.publish('topic', 'message');
  await sessions.count();
}

/** Reads the data of `fillRecorded` through the contract. */
export async function readRecorded(store: Store, now: number): Promise<object> {
  const pages = await Promise.all([KEY, OWING, EMPTY].map((key) => store.streams.read(key, 'start', ALL)));
  const { sessions } = store;
  return {
    sessions: [await sessions.touch('session', 'ann', now + HOUR_MS), await sessions.read('anonymous')].map(
      (found) => ({
        ...found,
        createdAt: (found?.createdAt ?? 0) - now,
      }),
    ),
    count: await sessions.count(),
    foreign: await sessions.touch('session', 'bob', now + HOUR_MS),
    pages,
    undelivered: (await store.streams.read(KEY, 'undelivered', ALL))?.events,
    marks: await store.subscriptions.take('session'),
    subscribed: await store.subscriptions.mark('file:///a'),
    task: (await store.tasks.read('task', 'ann'))?.payload,
    isFinal: await store.tasks.update('task', { status: 'failed', updatedAt: now }),
    tasks: await store.tasks.count(),
    claim: await store.claims.claim('claimed', now + HOUR_MS),
    lease: await store.leases.isHeld('node'),
    versions: await store.versions.read(['tools', 'prompts']),
    value: await store.values.agree('key', 'other'),
  };
}
