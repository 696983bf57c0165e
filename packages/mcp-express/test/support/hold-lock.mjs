import { existsSync, writeFileSync } from 'node:fs';
import { open } from 'lmdb';

/*
 * Another process in the middle of a commit of the store in the directory of the first argument, for as long as the file
 * of the second one is there, which it makes.
 */
const [path, flag] = process.argv.slice(2);
const root = open({ path, noSubdir: false });
const still = new Int32Array(new SharedArrayBuffer(4));
root.transactionSync(() => {
  writeFileSync(flag, '');
  while (existsSync(flag)) Atomics.wait(still, 0, 0, 10);
});
await root.close();
