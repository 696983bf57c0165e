import { runAndSweep, withNode } from './setup.mjs';
import './check.mjs';
import { ensurePrograms } from './programs.mjs';

ensurePrograms();
const options = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
const [command, args] = withNode('jest/bin/jest.js', process.argv.slice(2));
const env = { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${options}`.trim() };
process.exitCode = await runAndSweep(command, args, env);
