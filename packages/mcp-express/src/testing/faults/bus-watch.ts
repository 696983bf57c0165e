import assert from 'node:assert/strict';
import { eventually, type StoreUnderTest, uniqueName } from '../suite.js';

const COUNT = 20;

/** Publishes while a store fails. Both nodes must receive each accepted message once and in order. */
export class BusWatch {
  readonly #heard: string[][] = [[], []];
  readonly #accepted: string[] = [];
  readonly #topic = uniqueName('topic');

  private constructor(private readonly under: StoreUnderTest) {}

  /** Resolves once both nodes receive published messages. */
  static async on(under: StoreUnderTest): Promise<BusWatch> {
    const watch = new BusWatch(under);
    await watch.#begin();
    return watch;
  }

  /** Resolves when each message was accepted or refused. */
  async publish(): Promise<void> {
    const messages = Array.from({ length: COUNT }, (_each, i) => String(i));
    const published = messages.map((message) => this.under.store.bus.publish(this.#topic, message));
    const outcomes = await Promise.allSettled(published);
    this.#accepted.push(...messages.filter((_message, i) => outcomes[i]?.status === 'fulfilled'));
  }

  /** @throws AssertionError unless both nodes received each accepted message, no message twice, and all in order. */
  async assertInOrder(): Promise<void> {
    await this.#untilHeard('last');
    for (const heard of this.#heard) {
      const said = heard.filter((message) => message !== 'first' && message !== 'last');
      assert.equal(new Set(said).size, said.length, `received twice: ${said.join(' ')}`);
      assert.deepEqual(
        said,
        [...said].sort((a, b) => Number(a) - Number(b)),
        'received in another order',
      );
      assert.deepEqual(
        this.#accepted.filter((message) => !said.includes(message)),
        [],
        'accepted, but not received',
      );
    }
  }

  async #begin(): Promise<void> {
    const { store, other = store } = this.under;
    for (const [i, node] of [store, other].entries()) {
      node.bus.subscribe(this.#topic, (message) => this.#heard[i]?.push(message));
    }
    await this.#untilHeard('first');
  }

  async #untilHeard(mark: string): Promise<void> {
    const { store } = this.under;
    await eventually(async () => {
      await store.bus.publish(this.#topic, mark);
      return this.#heard.every((heard) => heard.includes(mark));
    }, 'both nodes receive messages');
  }
}
