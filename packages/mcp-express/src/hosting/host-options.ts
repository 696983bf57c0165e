import { ConfigurationError, kindOf } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { isScope } from '../protocol/scope.js';
import type { HostOptions } from './hosting.js';

/** The names of the options of every hosted server. */
export const HOST_OPTIONS = [
  'scopes',
  'visible',
  'startTimeoutMs',
  'idleMs',
] as const satisfies readonly (keyof HostOptions)[];

/** @throws ConfigurationError with the name of the option and its allowed values */
export function checkHostOptions({ scopes, visible, startTimeoutMs, idleMs }: HostOptions, what: string): void {
  if (scopes !== undefined && !isScopeTable(scopes)) {
    throw new ConfigurationError(
      `${what} option "scopes" must be an object of tool names, each with an array of OAuth scopes`,
    );
  }
  if (visible !== undefined && typeof visible !== 'function') {
    throw new ConfigurationError(`${what} option "visible" must be a function; it is ${kindOf(visible)}`);
  }
  if (startTimeoutMs !== undefined) wholeFrom(1, startTimeoutMs, `${what} option "startTimeoutMs"`);
  if (idleMs !== undefined) wholeFrom(1, idleMs, `${what} option "idleMs"`);
}

/** @throws ConfigurationError */
export function wholeFrom(least: number, value: unknown, what: string): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new ConfigurationError(`${what} must be a whole number of at least ${least}; it is ${kindOf(value)}`);
}

function isScopeTable(scopes: unknown): boolean {
  return isObject(scopes) && Object.values(scopes).every((each) => Array.isArray(each) && each.every(isScope));
}
