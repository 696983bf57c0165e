import { lmdbStore } from 'mcp-express/lmdb';

/*
 * A store in a process of its own, which tests may kill. It does what its parent asks: `{ id, part, method, args }` is
 * answered with `{ id, value }` or `{ id, failure }`, in whatever order the store is done.
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
