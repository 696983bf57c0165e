import { parseArgs } from 'node:util';
import { ConfigurationError } from '../protocol/errors.js';
import { closestName } from '../util/closest-name.js';
import { type CliCommand, UsageError } from './command.js';
import { COMMANDS } from './commands.js';

/** The exit code for wrong arguments, as of other programs. */
const MISUSED = 2;

/** Runs `mcp-express` with these arguments. Resolves with the exit code; a server then keeps the process alive. */
export async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(await overview());
    return name === undefined ? MISUSED : 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    const meant = closestName(name, Object.keys(COMMANDS));
    process.stderr.write(
      `mcp-express has no command "${name}"${meant === undefined ? '' : `. Did you mean "${meant}"?`}\n`,
    );
    process.stderr.write(await overview());
    return MISUSED;
  }
  return runCommand(await load(), rest);
}

async function runCommand(command: CliCommand, args: readonly string[]): Promise<number> {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help === true) process.stdout.write(command.usage);
    else await command.run({ values, positionals });
    return 0;
  } catch (thrown) {
    if (isMistake(thrown)) {
      process.stderr.write(`${(thrown as Error).message}\n\n${command.usage}`);
      return MISUSED;
    }
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 1;
  }
}

/** `parseArgs` throws errors with codes such as `ERR_PARSE_ARGS_UNKNOWN_OPTION`. */
function isMistake(thrown: unknown): boolean {
  const { code } = thrown as { code?: unknown };
  const isParsing = typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_');
  return isParsing || thrown instanceof UsageError || thrown instanceof ConfigurationError;
}

async function overview(): Promise<string> {
  const lines = Object.entries(COMMANDS).map(async ([name, load]) => `  ${name.padEnd(10)} ${(await load()).summary}`);
  return `Usage: mcp-express COMMAND [OPTIONS]\n\n${(await Promise.all(lines)).join('\n')}\n\nHelp on one: mcp-express COMMAND --help\n`;
}
