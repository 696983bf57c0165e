/** Parsing of environment variables. */
import { redactSecrets } from 'mcp-express';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Invalid configuration. The message names the variable, its value (never a secret) and the accepted values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads a text. An empty variable counts as absent, so that a line of an .env file can be disabled. */
export function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** Default and bounds of a number. */
export interface Bounds {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/** Reads an integer. @throws ConfigError */
export function wholeNumber(env: Environment, name: string, { fallback, min, max }: Bounds): number {
  const given = text(env, name);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= min && value <= max) return value;
  throw invalidValue(name, given, `a whole number from ${min} to ${max}`);
}

/** The error for an invalid value. */
export function invalidValue(name: string, value: string, allowed: string): ConfigError {
  return new ConfigError(`${name} must be ${allowed}; it is "${redactSecrets(value)}".`);
}
