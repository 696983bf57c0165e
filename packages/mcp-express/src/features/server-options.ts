import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { memberIssue } from '../registry/optional-members.js';

/** Options of `McpServer`. */
export interface McpServerOptions {
  /** Instructions for the model on how to use this server, part of the result of `initialize`. @default none */
  readonly instructions?: string;
  /**
   * Entries per page of a list.
   * @default 1000
   */
  readonly pageSize?: number;
  /**
   * How long clients of 2026-07-28 may treat lists and the result of `server/discover` as fresh, in milliseconds.
   * Clients that subscribe to changes are notified anyway.
   * @default 0
   */
  readonly listTtlMs?: number;
  /**
   * Lists to announce before anything is registered in them, for later registrations. Lists with entries, and tools,
   * are always announced.
   * @default []
   */
  readonly announce?: readonly ('resources' | 'prompts')[];
}

/** Larger than the lists of almost all servers, because some clients read only the first page. */
export const DEFAULT_PAGE_SIZE = 1_000;

/** @throws ConfigurationError when `info` has no name or version, or a member of the wrong type */
export function assertInfo(info: unknown): void {
  if (!isObject(info)) {
    throw new ConfigurationError(`McpServer takes { name, version } first; it was given ${kindOf(info)}`);
  }
  for (const member of ['name', 'version']) {
    if (typeof info[member] === 'string' && info[member] !== '') continue;
    throw new ConfigurationError(`McpServer needs a "${member}", a non-empty string; it is ${kindOf(info[member])}`);
  }
  const fault = memberIssue(info);
  if (fault !== undefined) throw new ConfigurationError(`McpServer: ${fault}`);
}

const ANNOUNCED: readonly unknown[] = ['resources', 'prompts'];

/** @throws ConfigurationError for an unknown or invalid option */
export function checkedOptions(options: McpServerOptions): McpServerOptions {
  assertKnown(options, ['instructions', 'pageSize', 'listTtlMs', 'announce'], 'McpServer');
  const { instructions = '', pageSize = 1, listTtlMs = 0, announce = [] } = options;
  if (typeof instructions !== 'string') throw wrongOption('instructions', 'a string', instructions);
  if (!Number.isSafeInteger(pageSize) || pageSize < 1) {
    throw wrongOption('pageSize', 'a whole number of at least 1', pageSize);
  }
  if (!Number.isSafeInteger(listTtlMs) || listTtlMs < 0) {
    throw wrongOption('listTtlMs', 'a whole number of milliseconds of at least 0', listTtlMs);
  }
  const given: unknown = announce;
  if (!Array.isArray(given) || !given.every((each) => ANNOUNCED.includes(each))) {
    throw wrongOption('announce', 'an array of "resources" and "prompts"', given);
  }
  return options;
}

function wrongOption(name: string, wanted: string, given: unknown): ConfigurationError {
  const shown = typeof given === 'object' ? JSON.stringify(given) : kindOf(given);
  return new ConfigurationError(`McpServer option "${name}" must be ${wanted}; it is ${shown}`);
}
