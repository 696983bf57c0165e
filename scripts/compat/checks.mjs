import assert from 'node:assert/strict';
import { alone, Session, textOf, within } from './client.mjs';

/**
 * Actions of clients while one release replaces another, by name. Each check begins on the node `from` and continues on the
 * node `to`; the nodes are of two releases and share a store.
 */
export const CHECKS = {
  'a session opened on one is used on the other': async ({ from, to }) => {
    const session = await Session.open(from.url);
    for (const { url } of [to, from, to]) {
      const { status, json } = await session.call(url, 'echo', { text: 'x' });
      assert.deepEqual([status, textOf(json)], [200, 'x']);
    }
    await session.ask(from.url, 'logging/setLevel', { level: 'error' });
    const { stream } = await session.callStream(to.url, 'says');
    await stream.until('it logs', ({ method }) => method === 'notifications/message');
  },

  'a stream that is cut is resumed on the other': async ({ from, to }) => {
    const session = await Session.open(from.url);
    const text = crypto.randomUUID();
    const { stream, id } = await session.begin(from.url, text);
    await stream.close();
    const resumed = await session.get(to.url, stream.lastId);
    assert.equal(resumed.status, 200);
    await session.call(from.url, 'release', { text });
    const answer = await resumed.stream.until('its answer comes', (message) => message.id === id);
    assert.equal(textOf(answer), `released ${text}`);
    await resumed.stream.untilEnded();
    assert.equal(resumed.stream.messages.filter((message) => message.id === id).length, 1);
  },

  'a question of one is answered on the other': async ({ from, to }) => {
    const session = await Session.open(from.url);
    const { stream } = await session.callStream(from.url, 'ask');
    const { id } = await stream.until('it asks', ({ method }) => method === 'elicitation/create');
    const { status } = await session.send(to.url, { id, result: { action: 'accept', content: { name: 'Ada' } } });
    assert.equal(status, 202);
    const answer = await stream.until('its answer comes', ({ result }) => result !== undefined);
    assert.match(textOf(answer), /Ada/);
  },

  'a question in rounds is answered on the other': async ({ from, to }) => {
    const params = { name: 'ask', arguments: {} };
    const { json } = await alone(from.url, 'tools/call', params);
    const { inputRequests, requestState } = json.result;
    const inputResponses = { [Object.keys(inputRequests)[0]]: { action: 'accept', content: { name: 'Ada' } } };
    const second = await alone(to.url, 'tools/call', { ...params, requestState, inputResponses });
    assert.match(textOf(second.json) ?? JSON.stringify(second.json), /Ada/);
  },

  'a call that runs on one is cancelled on the other': async ({ from, to }) => {
    const session = await Session.open(from.url);
    const { stream, id } = await session.begin(from.url, crypto.randomUUID());
    const cancelled = { method: 'notifications/cancelled', params: { requestId: id } };
    assert.equal((await session.send(to.url, cancelled)).status, 202);
    await stream.untilEnded();
    assert.equal(
      stream.messages.some((message) => message.id === id),
      false,
    );
  },

  'what is updated on one is told on the stream of the other': async ({ from, to }) => {
    const session = await Session.open(from.url);
    await session.ask(from.url, 'resources/subscribe', { uri: 'note://1' });
    const { stream } = await session.get(to.url);
    await session.call(from.url, 'update');
    await stream.until('the update is told', ({ method }) => method === 'notifications/resources/updated');
    await stream.until('the change is told', ({ method }) => method === 'notifications/tools/list_changed');
    await stream.close();
    await session.call(to.url, 'update');
    const again = (await session.get(from.url)).stream;
    await again.until('the other one is told', ({ method }) => method === 'notifications/resources/updated');
    await again.close();
    await session.ask(to.url, 'resources/unsubscribe', { uri: 'note://1' });
  },

  'a call with a key runs once on both': async ({ from, to }) => {
    const session = await Session.open(from.url);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const answers = await Promise.all([from, to, from, to].map(({ url }) => session.call(url, 'once', {}, headers)));
    answers.push(await session.call(to.url, 'once', {}, headers));
    const texts = new Set(answers.map(({ json }) => textOf(json) ?? JSON.stringify(json)));
    assert.equal(texts.size, 1, [...texts].join(', '));
  },

  'a task of one is followed and cancelled on the other': async ({ from, to }) => {
    const text = crypto.randomUUID();
    const begin = async (given) => {
      const { json } = await alone(from.url, 'tools/call', { name: 'job', arguments: { text: given } });
      return json.result.taskId;
    };
    const status = async (taskId) => (await alone(to.url, 'tasks/get', { taskId })).json.result?.status;
    const [kept, cancelled] = [await begin(text), await begin(crypto.randomUUID())];
    assert.equal(await status(kept), 'working');
    await alone(from.url, 'tools/call', { name: 'release', arguments: { text } });
    await within('it is completed', async () => (await status(kept)) === 'completed');
    await alone(to.url, 'tasks/cancel', { taskId: cancelled });
    await within('it is cancelled', async () => (await status(cancelled)) === 'cancelled');
  },

  'a session that is deleted on one has ended on the other': async ({ from, to }) => {
    const session = await Session.open(from.url);
    const { stream } = await session.begin(from.url, crypto.randomUUID());
    assert.equal(await session.delete(to.url), 204);
    await stream.untilEnded();
    assert.equal((await session.call(from.url, 'echo', { text: 'x' })).status, 404);
  },

  'a node that is killed owes an answer, which the other gives': async ({ from, to, restart }) => {
    const session = await Session.open(from.url);
    const { stream, id } = await session.begin(from.url, crypto.randomUUID());
    await restart(from);
    await stream.untilEnded();
    const resumed = await session.get(to.url, stream.lastId);
    const { error } = await resumed.stream.until('it is told', (message) => message.id === id);
    assert.equal(error.data.reason, 'call-interrupted');
    assert.equal(textOf((await session.call(from.url, 'echo', { text: 'x' })).json), 'x');
  },
};
