/** `npm run new-key -- SUBJECT`: prints a new API key and keeps its hash. */
import { randomBytes } from 'node:crypto';
import { addKey } from './keys.js';

const [subject] = process.argv.slice(2);
if (subject === undefined) throw new Error('Name the subject of the key: npm run new-key -- alice');
const key = randomBytes(32).toString('base64url');
await addKey(subject, key);
process.stdout.write(`${key}\n`);
