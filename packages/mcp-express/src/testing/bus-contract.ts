import assert from 'node:assert/strict';
import { eventually, type StoreSuite, uniqueName, withStore } from './suite.js';

/** Tests of the bus: delivery to every node, in order. */
export function busContract(suite: StoreSuite): void {
  suite.test('every subscriber of a topic receives every message, on every node, in order', () =>
    withStore(suite, async (store, other = store) => {
      const topic = uniqueName('topic');
      const here: string[] = [];
      const there: string[] = [];
      store.bus.subscribe(topic, (message) => here.push(message));
      other.bus.subscribe(topic, (message) => there.push(message));
      await eventually(async () => {
        await store.bus.publish(topic, 'probe');
        return here.length > 0 && there.length > 0;
      }, 'both are subscribed');
      for (let i = 0; i < 20; i += 1) await store.bus.publish(topic, String(i));
      const expected = Array.from({ length: 20 }, (_, i) => String(i));
      await eventually(() => here.at(-1) === '19' && there.at(-1) === '19', 'all messages are heard');
      assert.deepEqual(here.slice(-20), expected);
      assert.deepEqual(there.slice(-20), expected);
    }),
  );

  suite.test('listeners that have unsubscribed, and listeners of other topics, receive nothing', () =>
    withStore(suite, async (store) => {
      const topic = uniqueName('topic');
      const heard: string[] = [];
      const control: string[] = [];
      const stop = store.bus.subscribe(topic, (message) => heard.push(message));
      store.bus.subscribe(uniqueName('topic'), (message) => heard.push(message));
      store.bus.subscribe(topic, (message) => control.push(message));
      await eventually(async () => {
        await store.bus.publish(topic, 'probe');
        return heard.length > 0 && control.length > 0;
      }, 'both are subscribed');
      stop();
      stop();
      heard.length = 0;
      await store.bus.publish(topic, 'unheard');
      await eventually(() => control.includes('unheard'), 'the message went around');
      assert.deepEqual(heard, []);
    }),
  );
}
