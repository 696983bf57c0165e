import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Store } from 'mcp-express';
import type { ResponseWriter } from '../../src/request/response-writer.js';
import {
  Connection,
  keyOf,
  LEASE_MS,
  type LineState,
  ModelNode,
  pass,
  type Shown,
  sharedStore,
  TIMEOUT_MS,
} from './answer-world.js';

/** What the states of an answer (docs/architecture.md) say has happened, without looking at the nodes. */
interface Model {
  /** The requests that have no answer yet. */
  running: number[];
  /** The node that runs them. */
  isRunnerAlive: boolean;
  /** It could reach the store, and be reached by it, all the time. */
  isRunnerWhole: boolean;
}

/** Two nodes on one store, one client, one POST of one request or two that runs on the first node. */
class World {
  readonly connections: Connection[] = [];
  readonly #store: Store = sharedStore();
  readonly nodes: [ModelNode, ModelNode];
  readonly #runner: ModelNode;
  #reply: ResponseWriter | undefined;
  #stream = '';
  #origin = '';
  #restarts = 0;
  /** Until when the store holds the lease of the runner. */
  #leasedUntil = 0;
  readonly violations: string[] = [];

  constructor(private readonly requests: number) {
    const { leases } = this.#store;
    const hold = leases.hold.bind(leases);
    leases.hold = (node, until) => {
      if (node === 'node 0') this.#leasedUntil = until;
      return hold(node, until);
    };
    this.nodes = [new ModelNode(this.#store, 'node 0'), new ModelNode(this.#store, 'node 1')];
    this.#runner = this.nodes[0];
  }

  async begin(): Promise<void> {
    this.#reply = this.#runner.reply(this.requests);
    const answered = await this.#reply.outcome;
    if (answered.kind !== 'stream') throw new Error('not a stream');
    this.#stream = answered.reader.key.stream;
    this.#origin = answered.reader.origin;
    this.#connect(this.#runner, answered.reader, this.#origin);
    await pass(0);
  }

  answer(id: number): void {
    if (!this.#runner.isDead) this.#reply?.answer(id, JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
  }

  get current(): Connection {
    return this.connections.at(-1) as Connection;
  }

  /** The client comes back, by this node, after the last event it has seen. False when it is refused. */
  async comeBack(which: number, after = this.current.lastId): Promise<boolean> {
    const node = this.nodes[which] as ModelNode;
    if (node.isDead) return false;
    this.current.isHalfOpen = true;
    const locating = node.streams.locate('s', after).catch(() => undefined);
    if (node.way.state === 'deaf' || node.way.state === 'frozen') await pass(TIMEOUT_MS);
    const located = await locating;
    if (located === undefined || located.isOver) return false;
    const { key, position } = located;
    this.#connect(
      node,
      node.streams.takeOver(key, position, () => {}),
      after,
    );
    return true;
  }

  restart(which: number): void {
    this.nodes[which]?.kill();
    this.#restarts += 1;
    this.nodes[which] = new ModelNode(this.#store, `restart ${this.#restarts}`);
  }

  /** What the log says, in the end: of each request, in order. */
  async log(): Promise<string[]> {
    const page = await this.#store.streams.read(keyOf(this.#stream), 'start', { events: 100, characters: 10_000 });
    return (page?.events ?? []).map(({ data }) => (data.includes('call-interrupted') ? 'interrupted' : 'result'));
  }

  get origin(): string {
    return this.#origin;
  }

  async end(): Promise<void> {
    for (const node of this.nodes) node.kill();
    await this.#store.close();
  }

  #connect(node: ModelNode, reader: Connection['reader'], after: string): void {
    this.connections.push(new Connection(node, reader, after, (shown, where) => this.#onShown(shown, where)));
  }

  /** At the very moment, whether or not its client sees it. */
  #onShown({ id, says, direct }: Shown, where: Connection): void {
    if (where.shown.filter((other) => other.id === id).length > 1) this.violations.push('two answers, one connection');
    const before = this.connections.flatMap(({ shown }) => shown).filter((other) => other.id === id);
    if (says === 'result' && before.some((other) => other.says === 'interrupted')) {
      this.violations.push('a result after it was told that it was interrupted');
    }
    if (direct && Date.now() >= this.#leasedUntil) this.violations.push('given after the lease was over');
    if (direct && where.node !== this.nodes[0]) this.violations.push('given by another node');
  }
}

/** The clock on the wall, before it is faked: not all runs on a slow machine. */
const realNow = performance.now.bind(performance);
const ENOUGH_MS = 5_000;

type Command = fc.AsyncCommand<Model, World>;

function command(name: string, run: (world: World, model: Model) => Promise<unknown> | unknown): Command {
  return {
    check: () => true,
    run: async (model, world) => {
      await run(world, model);
      await pass(0);
      expect(world.violations).toEqual([]);
    },
    toString: () => name,
  };
}

const setLine = (which: number, state: LineState): Command =>
  command(`line ${which} ${state}`, (world, model) => {
    if (which === 0 && state !== 'whole') model.isRunnerWhole = false;
    world.nodes[which]?.way.set(state);
  });

const answers = fc.constantFrom(0, 1).map((id) =>
  command(`answer ${id}`, (world, model) => {
    if (!model.running.includes(id)) return;
    model.running = model.running.filter((other) => other !== id);
    world.answer(id);
  }),
);
/** Soon enough that its node may give it. */
const awayAndAnswered = fc.constantFrom(0, 1).map((id) =>
  command(`line 0 cut, answer ${id}`, async (world, model) => {
    model.isRunnerWhole = false;
    world.nodes[0].way.set('cut');
    if (!model.running.includes(id)) return;
    model.running = model.running.filter((other) => other !== id);
    world.answer(id);
    await pass(700);
  }),
);
const lines = fc
  .tuple(fc.constantFrom(0, 0, 0, 1), fc.constantFrom<LineState>('whole', 'cut', 'deaf', 'frozen'))
  .map(([which, state]) => setLine(which, state));
const returns = fc
  .constantFrom(0, 1)
  .map((which) => command(`come back by ${which}`, (world) => world.comeBack(which)));
const halfOpen = command('half-open', (world) => {
  world.current.isHalfOpen = true;
});
const kills = fc.constantFrom(0, 1, 1).map((which) =>
  command(`kill and restart ${which}`, (world, model) => {
    if (which === 0) model.isRunnerAlive = false;
    world.restart(which);
  }),
);
const waits = fc
  .constantFrom(100, 700, 700, LEASE_MS / 2, LEASE_MS, 2 * LEASE_MS)
  .map((ms) => command(`${ms} ms pass`, () => pass(ms)));

const COMMANDS = [
  answers,
  awayAndAnswered,
  lines,
  lines,
  returns,
  returns,
  fc.constant(halfOpen),
  kills,
  waits,
  waits,
  waits,
];

/** All comes back: then each request has one answer in the log, and whoever comes back is given it. */
async function conclude(world: World, model: Model): Promise<void> {
  for (const node of world.nodes) node.way.set('whole');
  for (const id of model.running) world.answer(id);
  await pass(LEASE_MS);
  await world.comeBack(1, world.origin);
  await pass(3 * LEASE_MS);
  const log = await world.log();
  const ids = [...new Set(world.current.shown.map(({ id }) => id))];
  expect(ids).toHaveLength(log.length);
  expect(world.current.shown.every(({ direct }) => !direct)).toBe(true);
  expect(world.current.isOver).toBe(true);
  expect(world.violations).toEqual([]);
  if (model.isRunnerAlive && model.isRunnerWhole) expect(log.every((says) => says === 'result')).toBe(true);
  // The one case that is left: given before its node was gone, which no other node can know.
  const given = world.connections.flatMap(({ shown }) => shown).filter(({ direct }) => direct);
  if (given.length > 0 && log.includes('interrupted')) {
    expect([model.isRunnerAlive, model.isRunnerWhole]).toContain(false);
  }
}

describe('the states of an answer (docs/architecture.md, invariants 1 to 5; R7, R12)', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 1_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  async function play(requests: number, commands: Iterable<Command>): Promise<void> {
    const world = new World(requests);
    const running = Array.from({ length: requests }, (_each, id) => id);
    const model: Model = { running, isRunnerAlive: true, isRunnerWhole: true };
    try {
      await world.begin();
      await fc.asyncModelRun(() => ({ model, real: world }), commands);
      await conclude(world, model);
      expect(await world.log()).toHaveLength(requests);
    } finally {
      await world.end();
    }
  }

  test('an answer that was given, and whose node dies before the store is back, is the one case that others contradict', async () => {
    const world = new World(1);
    await world.begin();
    world.nodes[0].way.set('cut');
    world.answer(0);
    await pass(700);
    expect(world.current.shown).toEqual([{ id: 0, says: 'result', direct: true }]);
    world.restart(0);
    await pass(2 * LEASE_MS);
    expect(await world.comeBack(1)).toBe(true);
    await pass(2 * LEASE_MS);
    expect(world.connections.map(({ shown }) => shown.map(({ says }) => says))).toEqual([['result'], ['interrupted']]);
    expect(await world.log()).toEqual(['interrupted']);
    expect(world.violations).toEqual([]);
    await world.end();
  });

  test('a stream whose answers were stored without a reply ends, although its node dies before it can end it', async () => {
    const world = new World(2);
    await world.begin();
    world.nodes[0].way.set('cut');
    world.answer(1);
    world.answer(0);
    await pass(0);
    world.nodes[0].way.set('deaf');
    await pass(LEASE_MS);
    world.restart(0);
    await pass(LEASE_MS);
    expect(await world.comeBack(1, world.origin)).toBe(true);
    await pass(3 * LEASE_MS);
    expect(world.current.shown.map(({ id, says }) => [id, says])).toEqual([
      [1, 'result'],
      [0, 'result'],
    ]);
    expect(world.current.isOver).toBe(true);
    await world.end();
  });

  test('hold over interleavings of cuts, late commands, kills, restarts, answers and clients that come back', async () => {
    const until = realNow() + ENOUGH_MS;
    const sequences = fc.commands(COMMANDS, { maxCommands: 16, size: 'max' });
    const unlessLate = async (requests: number, commands: Iterable<Command>): Promise<void> => {
      if (realNow() < until) await play(requests, commands);
    };
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 2 }), sequences, unlessLate), { numRuns: 500 });
  });
});
