import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ConfigError, type Environment, text } from './values.js';

/** Location of sessions and streams: `STORE`, or a directory of the current user so that sessions survive a restart. */
export function storeOf(env: Environment, port: number): string {
  const store = text(env, 'STORE') ?? defaultFor(env, port);
  if (/^(memory$|lmdb:.|rediss?:\/\/.)/.test(store)) return store;
  // The message does not quote the value, since a URL may contain a password.
  throw new ConfigError('STORE must be memory, lmdb:PATH, or a URL such as redis://localhost:6379');
}

/**
 * Memory for an arbitrary free port, which no client would find again. Servers on different ports are different
 * services.
 */
function defaultFor(env: Environment, port: number): string {
  if (port === 0) return 'memory';
  return `lmdb:${join(stateFolder(env), 'float-server', String(port))}`;
}

/**
 * Directory for data that survives restarts but needs no backup. A relative XDG path is ignored, as its specification
 * requires.
 */
function stateFolder(env: Environment): string {
  const named = text(env, 'XDG_STATE_HOME') ?? text(env, 'LOCALAPPDATA');
  return named !== undefined && isAbsolute(named) ? named : join(homedir(), '.local', 'state');
}
