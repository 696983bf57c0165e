import type { CliCommand } from './command.js';

/** The commands by name. Each is loaded only when it is used. */
export const COMMANDS: Readonly<Record<string, () => Promise<CliCommand>>> = {
  serve: async () => (await import('./serve-command.js')).serveCommand,
};
