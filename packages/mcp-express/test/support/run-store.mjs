import { lmdbStore } from 'mcp-express/lmdb';

/*
 * A store in a process of its own, which tests may kill. It executes the requests of its parent: the response to
 * `{ id, part, method, args }` is `{ id, value }` or `{ id, failure }`, in the order of completion.
 */
let store;
try {
  store = lmdbStore(JSON.parse(process.argv[2]));
  process.send({ ready: true });
} catch (cause) {
  process.send({ refused: `${cause.name}: ${cause.message}` });
  process.disconnect();
}

process.on('message', ({ id, part, method, args }) => {
  const target = part === '' ? store : store[part];
  Promise.resolve(target[method](...args)).then(
    (value) => process.send({ id, value }),
    (cause) => process.send({ id, failure: cause.message }),
  );
});
