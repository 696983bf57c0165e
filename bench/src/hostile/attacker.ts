import { ATTACKS } from './attacks.js';
import { HostileClient } from './hostile-client.js';

/** The report of the attacker's process, once it has sent everything: responses by status. */
export interface AttackReport {
  readonly statuses: readonly (readonly [status: number, count: number])[];
}

const [name, port] = process.argv.slice(2);
const attack = ATTACKS.find((candidate) => candidate.name === name);
if (attack === undefined) throw new Error(`there is no attack ${name}`);
const client = new HostileClient(Number(port));
process.on('disconnect', () => process.exit());
await attack.run(client);
const report: AttackReport = { statuses: [...client.statuses].sort(([a], [b]) => a - b) };
process.send?.(report);
