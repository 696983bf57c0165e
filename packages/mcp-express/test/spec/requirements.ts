import type { Requirement } from './requirement.js';
import { BASIC } from './requirements/basic.js';
import { ELICITATION } from './requirements/elicitation.js';
import { LIFECYCLE } from './requirements/lifecycle.js';
import { MODERN_BASIC } from './requirements/modern-basic.js';
import {
  CACHING,
  MODERN_COMPLETION,
  MODERN_ELICITATION,
  MODERN_LOGGING,
  MODERN_PROMPTS,
  MODERN_RESOURCES,
  MODERN_SAMPLING,
  MODERN_TOOLS,
} from './requirements/modern-features.js';
import { MODERN_CANCELLATION, MRTR, SUBSCRIPTIONS } from './requirements/modern-patterns.js';
import { MODERN_TRANSPORT } from './requirements/modern-transport.js';
import { PROMPTS } from './requirements/prompts.js';
import { RESOURCES } from './requirements/resources.js';
import { ROOTS, SAMPLING } from './requirements/sampling-and-roots.js';
import { COMPLETION, LOGGING, PAGINATION } from './requirements/server-utilities.js';
import { TASKS } from './requirements/tasks.js';
import { TOOLS } from './requirements/tools.js';
import { TRANSPORTS } from './requirements/transports.js';
import { CANCELLATION, PING, PROGRESS } from './requirements/utilities.js';

/**
 * What the revisions we serve ask of a server over Streamable HTTP. Left out: stdio, authorization, the tasks of 2025-11-25,
 * and what binds clients, hosts and people. `coverage.test.ts` holds the tests to it.
 */
export const REQUIREMENTS: readonly Requirement[] = [
  ...BASIC,
  ...LIFECYCLE,
  ...TRANSPORTS,
  ...CANCELLATION,
  ...PING,
  ...PROGRESS,
  ...TOOLS,
  ...RESOURCES,
  ...PROMPTS,
  ...COMPLETION,
  ...LOGGING,
  ...PAGINATION,
  ...ELICITATION,
  ...SAMPLING,
  ...ROOTS,
  ...MODERN_BASIC,
  ...MODERN_TRANSPORT,
  ...MRTR,
  ...SUBSCRIPTIONS,
  ...MODERN_CANCELLATION,
  ...MODERN_TOOLS,
  ...MODERN_RESOURCES,
  ...MODERN_PROMPTS,
  ...CACHING,
  ...MODERN_COMPLETION,
  ...MODERN_LOGGING,
  ...MODERN_ELICITATION,
  ...MODERN_SAMPLING,
  ...TASKS,
];
