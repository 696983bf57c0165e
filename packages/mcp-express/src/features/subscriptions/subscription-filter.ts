import { McpError } from '../../protocol/errors.js';
import { isObject, MAX_LENGTH, type Params } from '../../protocol/json-rpc.js';
import { LISTS, type ListName } from '../../protocol/mcp.js';
import { assertLength } from '../../request/method.js';

/**
 * The notifications of a subscription, as requested or as granted (MCP 2026-07-28, Subscriptions, "Notification
 * Filter").
 */
export interface SubscriptionFilter {
  readonly lists: readonly ListName[];
  readonly uris: readonly string[];
  readonly tasks: readonly string[];
}

/** Limits of `subscriptions/listen`. */
export interface ListenLimits {
  /** Concurrent subscriptions per principal. */
  readonly perOwner: number;
  /** Resources, and tasks, per subscription. */
  readonly uris: number;
}

const FLAGS: Readonly<Record<ListName, string>> = {
  tools: 'toolsListChanged',
  resources: 'resourcesListChanged',
  prompts: 'promptsListChanged',
};

/**
 * Reads the requested filter.
 * @throws McpError `invalid-params`, `too-many-subscriptions`
 */
export function readFilter(params: Params | undefined, { uris: limit }: ListenLimits): SubscriptionFilter {
  const notifications = params?.['notifications'];
  if (!isObject(notifications)) throw invalid('"notifications" must be an object');
  for (const flag of Object.values(FLAGS)) {
    if (!['boolean', 'undefined'].includes(typeof notifications[flag]))
      throw invalid(`"${flag}" must be true or false`);
  }
  return {
    lists: LISTS.filter((list) => notifications[FLAGS[list]] === true),
    uris: textsIn(notifications, 'resourceSubscriptions', limit, MAX_LENGTH.uri),
    tasks: textsIn(notifications, 'taskIds', limit, MAX_LENGTH.name),
  };
}

function textsIn(notifications: Params, member: string, limit: number, most: number): readonly string[] {
  const value = notifications[member] ?? [];
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string')) {
    throw invalid(`"${member}" must be an array of strings`);
  }
  for (const text of value) assertLength(text, most, `An entry of "${member}"`);
  if (value.length <= limit) return [...new Set(value)];
  throw new McpError('too-many-subscriptions', `"${member}" may have ${limit} entries at most`);
}

/** The granted filter, as the acknowledgement contains it. */
export function filterParams({ lists, uris, tasks }: SubscriptionFilter): Params {
  return {
    ...Object.fromEntries(lists.map((list) => [FLAGS[list], true])),
    ...(uris.length === 0 ? {} : { resourceSubscriptions: uris }),
    ...(tasks.length === 0 ? {} : { taskIds: tasks }),
  };
}

function invalid(what: string): McpError {
  return new McpError('invalid-params', `Invalid subscriptions/listen request: ${what}`);
}

/** Whether the filter requests states of tasks, which requires the tasks extension. */
export function wantsTasks(params: Params | undefined): boolean {
  const notifications = params?.['notifications'];
  return isObject(notifications) && notifications['taskIds'] !== undefined;
}
