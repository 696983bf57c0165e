/** How a variable of the environment is read, whichever it is. */
import { redactSecrets } from 'mcp-express';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Wrong configuration. The message names the variable, its value (never a secret) and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** An empty variable is an absent one: that is how a line of an .env file is switched off. */
export function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

export interface Bounds {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

export function wholeNumber(env: Environment, name: string, { fallback, min, max }: Bounds): number {
  const given = text(env, name);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= min && value <= max) return value;
  throw wrong(name, given, `a whole number from ${min} to ${max}`);
}

export function wrong(name: string, value: string, allowed: string): ConfigError {
  return new ConfigError(`${name} must be ${allowed}; it is "${redactSecrets(value)}".`);
}
