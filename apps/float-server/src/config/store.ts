import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ConfigError, type Environment, text } from './values.js';

/** Where sessions and streams live: what STORE says, or else a directory of this user, so that a restart ends no session. */
export function storeOf(env: Environment, port: number): string {
  const store = text(env, 'STORE') ?? defaultFor(env, port);
  if (/^(memory$|lmdb:.|rediss?:\/\/.)/.test(store)) return store;
  // The value stays out of the message: a URL may hold a password.
  throw new ConfigError('STORE must be memory, lmdb:PATH, or a URL such as redis://localhost:6379');
}

/** Nobody finds a server again that takes any free port. Servers on different ports are different services. */
function defaultFor(env: Environment, port: number): string {
  if (port === 0) return 'memory';
  return `lmdb:${join(stateFolder(env), 'float-server', String(port))}`;
}

/** Data that should outlive a restart, and nobody backs up (XDG Base Directory Specification: a relative path is ignored). */
function stateFolder(env: Environment): string {
  const named = text(env, 'XDG_STATE_HOME') ?? text(env, 'LOCALAPPDATA');
  return named !== undefined && isAbsolute(named) ? named : join(homedir(), '.local', 'state');
}
