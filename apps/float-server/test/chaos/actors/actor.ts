import { setTimeout as delay } from 'node:timers/promises';
import type { CallKind, CallRecord } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Random } from '../random.js';
import { type ChaosClient, CLIENTS } from './client.js';

export interface ActorParts {
  readonly client: ChaosClient;
  readonly url: string;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Fires when nothing new is to be begun. What was begun is brought to its end. */
  readonly stop: AbortSignal;
}

type Action = (parts: ActorParts) => Promise<void>;

/** No answer for so long is none at all. Longer than it takes to miss a node and to settle what it owed. */
const OVERDUE_MS = 30_000;
/** How often a call with a key is sent again before its client gives up. */
const TRIES = 150;

/** What the clients of a service do all day, each as often as it stands here. */
const ACTIONS: readonly [Action, ...Action[]] = [
  (parts) => callOnce(parts, 'echo'),
  (parts) => callOnce(parts, 'echo'),
  countUp,
  countUp,
  countUp,
  (parts) => callOnce(parts, 'ask'),
  (parts) => callOnce(parts, 'ask'),
  workWithKey,
  workWithKey,
  changeOnesMind,
  changeOnesMind,
  lookIn,
];

/** Does one thing after the other until it is told to stop. */
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

/** A stream of events, of which none may be missing, and none come twice. */
async function countUp({ client, ledger, random }: ActorParts): Promise<void> {
  const { name, era } = client;
  const steps = random.between(2, 12);
  const call = ledger.begin({ client: name, era, kind: 'count', steps });
  await attempt(client, call, { steps, everyMs: random.between(0, 80) });
}

/** A call that must not be lost and must not be carried out twice: it is sent again until it is answered. */
async function workWithKey({ client, ledger, random }: ActorParts): Promise<void> {
  const { name, era } = client;
  const call = ledger.begin({ client: name, era, kind: 'work', keyed: true });
  const ms = random.between(0, 400);
  for (let tries = 0; tries < TRIES && call.answers.length === 0 && !call.overdue; tries += 1) {
    if (tries > 0) await delay(random.between(50, 150));
    await attempt(client, call, { ms });
  }
  if (call.answers.length === 0) call.overdue = true;
}

/**
 * A call that its client takes back, at some moment after it heard that it runs. Before, the two may overtake each other on
 * their ways to two nodes, and MCP lets a server pay no attention to what it does not know.
 */
async function changeOnesMind({ client, ledger, random }: ActorParts): Promise<void> {
  const { name, era } = client;
  const call = ledger.begin({ client: name, era, kind: 'wait' });
  const enough = new AbortController();
  let isOver = false;
  const calling = attempt(client, call, {}, enough).finally(() => {
    isOver = true;
  });
  // A stream that the store did not take has no head before its answer.
  for (let waited = 0; waited < 100 && call.heads.length === 0 && !isOver; waited += 1) await delay(10);
  await Promise.race([calling, delay(random.between(0, 500))]);
  call.cancelled = true;
  enough.abort();
  await calling;
}

/** Comes, calls and goes, as clients do that open a session for every call. It may be turned away at the door. */
async function lookIn(parts: ActorParts): Promise<void> {
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

/** One call. What it came to is in the ledger; that it came to nothing in time, too. */
async function attempt(
  client: ChaosClient,
  call: CallRecord,
  args: Readonly<Record<string, unknown>>,
  given = new AbortController(),
): Promise<void> {
  const begun = performance.now();
  // Some clients go on waiting for a stream that has ended for good.
  call.lost = new AbortController();
  const signal = AbortSignal.any([given.signal, call.lost.signal]);
  const options = { signal, timeout: OVERDUE_MS, onprogress: () => {} };
  await client.call(call, args, options).catch(() => {});
  if (performance.now() - begun >= OVERDUE_MS) call.overdue = true;
}
