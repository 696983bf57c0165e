import type { ParseArgsConfig } from 'node:util';

/** The options of a command, for `parseArgs` of Node. */
export type CommandOptions = NonNullable<ParseArgsConfig['options']>;

/** The arguments of a command. */
export interface CommandInput {
  /** Options by name, as `parseArgs` reads them. */
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  /** Arguments that belong to no option, and all after `--`. */
  readonly positionals: readonly string[];
}

/** One command of `mcp-express`. A new one is an entry in `commands.ts`. */
export interface CliCommand {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** The text of `mcp-express NAME --help`. */
  readonly usage: string;
  readonly options: CommandOptions;
  /** Resolves when the command is done, or runs until a signal. A thrown `UsageError` shows how to use the command. */
  run(input: CommandInput): Promise<void>;
}

/** The user has made a mistake: the message is shown without a stack, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
