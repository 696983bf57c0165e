import type { Requirement } from './requirement.js';
import { BASIC } from './requirements/basic.js';
import { ELICITATION } from './requirements/elicitation.js';
import { LIFECYCLE } from './requirements/lifecycle.js';
import { PROMPTS } from './requirements/prompts.js';
import { RESOURCES } from './requirements/resources.js';
import { ROOTS, SAMPLING } from './requirements/sampling-and-roots.js';
import { COMPLETION, LOGGING, PAGINATION } from './requirements/server-utilities.js';
import { TOOLS } from './requirements/tools.js';
import { TRANSPORTS } from './requirements/transports.js';
import { CANCELLATION, PING, PROGRESS } from './requirements/utilities.js';

/**
 * What the revisions we serve ask of a server over Streamable HTTP. Left out: stdio, authorization, tasks, and what binds
 * clients, hosts and people. `coverage.test.ts` holds the tests to it.
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
];
