import { setTimeout as delay } from 'node:timers/promises';
import type { CallKind, CallRecord } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Random } from '../random.js';
import { type ChaosClient, CLIENTS } from './client.js';

/** The parts of an actor. */
export interface ActorParts {
  readonly client: ChaosClient;
  readonly url: string;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Fires when no new calls are to be begun. Running calls are completed. */
  readonly stop: AbortSignal;
}

type Action = (parts: ActorParts) => Promise<void>;

/** Time limit of an answer. Longer than any outage of the store, and than the `retry` of a stopping node. Milliseconds. */
const OVERDUE_MS = 120_000;

/** The activities of clients. Each is chosen in proportion to its number of entries. */
const ACTIONS: readonly [Action, ...Action[]] = [
  (parts) => callOnce(parts, 'echo'),
  (parts) => callOnce(parts, 'echo'),
  callWithProgress,
  callWithProgress,
  callWithProgress,
  (parts) => callOnce(parts, 'ask'),
  (parts) => callOnce(parts, 'ask'),
  workWithKey,
  workWithKey,
  callAndCancel,
  callAndCancel,
  openCallAndLeave,
];

/** Performs random activities until stopped. */
export async function act(parts: ActorParts): Promise<void> {
  const { random, stop } = parts;
  while (!stop.aborted) {
    await delay(random.between(20, 300));
    await random.pick(ACTIONS)(parts);
  }
}

async function callOnce({ client, ledger }: ActorParts, kind: CallKind): Promise<void> {
  const { name, era } = client;
  await attempt(client, ledger.begin({ client: name, era, kind }), {});
}

/** A call with progress events, of which none may be missing or duplicated. */
async function callWithProgress({ client, ledger, random }: ActorParts): Promise<void> {
  const { name, era } = client;
  const steps = random.between(2, 12);
  const call = ledger.begin({ client: name, era, kind: 'count', steps });
  await attempt(client, call, { steps, everyMs: random.between(0, 80) });
}

/** A call that must be carried out exactly once: it is repeated until it is answered. */
async function workWithKey({ client, ledger, random }: ActorParts): Promise<void> {
  const { name, era } = client;
  const call = ledger.begin({ client: name, era, kind: 'work', keyed: true });
  const ms = random.between(0, 400);
  while (call.answers.length === 0 && performance.now() - call.from < OVERDUE_MS) {
    await attempt(client, call, { ms });
    await delay(random.between(50, 150));
  }
  if (call.answers.length === 0) call.overdue = true;
}

/**
 * A call that its client cancels after the response has begun. Before that the cancellation might overtake the request on
 * another node, and MCP lets a server ignore cancellations of unknown requests.
 */
async function callAndCancel({ client, ledger, random }: ActorParts): Promise<void> {
  const { name, era } = client;
  const call = ledger.begin({ client: name, era, kind: 'wait' });
  const cancellation = new AbortController();
  let isOver = false;
  const calling = attempt(client, call, {}, cancellation).finally(() => {
    isOver = true;
  });
  // Without the store, a stream has no response head before its answer.
  while (call.heads.length === 0 && !isOver) await delay(10);
  await Promise.race([calling, delay(random.between(0, 500))]);
  call.cancelled = true;
  cancellation.abort();
  await calling;
}

/** Opens a session, makes one call and leaves, as some clients do for every call. The session may be refused. */
async function openCallAndLeave(parts: ActorParts): Promise<void> {
  const { url, ledger, random } = parts;
  const name = `${parts.client.name}v${ledger.calls.size}`;
  let client: ChaosClient;
  try {
    client = await random.pick(CLIENTS)({ url, name, ledger, random: random.fork() });
  } catch {
    return;
  }
  await callOnce({ ...parts, client }, 'echo');
  await client.leave();
}

/** Makes one call. Its answer, or the lack of one in time, is in the ledger. */
async function attempt(
  client: ChaosClient,
  call: CallRecord,
  args: Readonly<Record<string, unknown>>,
  given = new AbortController(),
): Promise<void> {
  const begun = performance.now();
  // Some clients keep waiting for a stream that has ended for good.
  call.lost = new AbortController();
  const signal = AbortSignal.any([given.signal, call.lost.signal]);
  const options = { signal, timeout: OVERDUE_MS, onprogress: () => {} };
  await client.call(call, args, options).catch(() => {});
  call.to = performance.now();
  if (call.to - begun >= OVERDUE_MS) call.overdue = true;
}
