import { describe, expect, test } from '@jest/globals';
import { type Numbered, Publisher } from './publisher.js';

/** A publisher to a Redis that fails at chosen attempts, with the attempts and the stored messages. */
function storing(failsAt: (attempt: number) => 'before' | 'after' | undefined = () => undefined) {
  const attempts: (readonly Numbered[])[] = [];
  const stored: Numbered[] = [];
  const publisher = new Publisher(async (batch) => {
    attempts.push(batch);
    const fails = failsAt(attempts.length);
    await new Promise(setImmediate);
    if (fails !== 'before') stored.push(...batch);
    if (fails !== undefined) throw new Error('the line was cut');
  });
  return { publisher, attempts, stored };
}

/** The messages that a listener receives when it ignores numbers it has already received. */
function heardOf(stored: readonly Numbered[]): string[] {
  const heard: string[] = [];
  let last = 0;
  for (const { number, message } of stored) {
    if (number <= last) continue;
    last = number;
    heard.push(message);
  }
  return heard;
}

const TEXTS = Array.from({ length: 1_000 }, (_each, i) => `${i}`);

describe('publication of the messages of one node', () => {
  test('a message is sent at once when none is in flight, and later ones form one batch', async () => {
    const { publisher, attempts } = storing();
    const first = publisher.publish('t', 'alone');
    expect(attempts.map((batch) => batch.map(({ message }) => message))).toEqual([['alone']]);
    await Promise.all([first, ...TEXTS.slice(0, 50).map((text) => publisher.publish('t', text))]);
    expect(attempts.map((batch) => batch.length)).toEqual([1, 50]);
  });

  test.each(['before', 'after'] as const)(
    'when attempts fail %s the batch was stored, listeners receive each message once and in order',
    async (when) => {
      const { publisher, stored } = storing((attempt) => (attempt % 3 === 1 ? when : undefined));
      await Promise.all(TEXTS.map((text) => publisher.publish('t', text)));
      expect(heardOf(stored)).toEqual(TEXTS);
    },
  );

  test('batches are bounded in messages and in characters, and a message larger than a batch is sent by itself', async () => {
    const { publisher, attempts } = storing();
    const large = 'x'.repeat(700_000);
    const messages = ['first', large, 'a', 'b', large, ...TEXTS];
    await Promise.all(messages.map((message) => publisher.publish('t', message)));
    expect(attempts.flat().map(({ message }) => message)).toEqual(messages);
    for (const batch of attempts) {
      const characters = batch.reduce((sum, { message }) => sum + message.length, 0);
      expect(batch.length === 1 || characters <= 512 * 1024).toBe(true);
      expect(batch.length).toBeLessThanOrEqual(200);
    }
  });

  test('a full queue refuses further messages at once, and the waiting ones are still sent in order', async () => {
    let letGo = (): void => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const stored: Numbered[] = [];
    const publisher = new Publisher(async (batch) => {
      await gate;
      stored.push(...batch);
    });
    const taken = Array.from({ length: 10_000 }, (_each, i) => publisher.publish('t', `${i}`));
    await expect(publisher.publish('t', 'too many')).rejects.toThrow('too many messages');
    letGo();
    await Promise.all(taken);
    expect(heardOf(stored)).toEqual(Array.from({ length: 10_000 }, (_each, i) => `${i}`));
  });

  test('a message that fails for five seconds rejects with the cause, and later ones are sent', async () => {
    let isAway = true;
    const stored: Numbered[] = [];
    const publisher = new Publisher(async (batch) => {
      if (isAway) throw new Error('away');
      stored.push(...batch);
    });
    const begun = performance.now();
    await expect(publisher.publish('t', 'early')).rejects.toThrow('away');
    expect(performance.now() - begun).toBeGreaterThan(4_900);
    isAway = false;
    await publisher.publish('t', 'later');
    expect(stored).toEqual([expect.objectContaining({ number: 2, message: 'later' })]);
  });

  test('closing rejects waiting and further messages', async () => {
    const publisher = new Publisher(() => new Promise(() => {}));
    const waiting = publisher.publish('t', 'waits');
    publisher.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(publisher.publish('t', 'late')).rejects.toThrow('closed');
  });
});
