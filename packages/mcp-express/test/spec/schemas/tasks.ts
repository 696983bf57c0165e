/** What the tasks extension (SEP-2663) says of tasks, as JSON Schema: it has no schema of its own to take. */
const HEAD = {
  taskId: { type: 'string', minLength: 1 },
  statusMessage: { type: 'string' },
  createdAt: { type: 'string', format: 'date-time' },
  lastUpdatedAt: { type: 'string', format: 'date-time' },
  ttlMs: { type: ['integer', 'null'], minimum: 0 },
  pollIntervalMs: { type: 'integer', minimum: 0 },
} as const;

const REQUIRED = ['taskId', 'status', 'createdAt', 'lastUpdatedAt', 'ttlMs'];

const STATUSES = ['working', 'input_required', 'completed', 'cancelled', 'failed'] as const;

/** What each status brings with it; the others' must not be there. */
const PAYLOADS = {
  input_required: { inputRequests: { $ref: 'mcp-2026-07-28#/$defs/InputRequests' } },
  completed: { result: { $ref: 'mcp-2026-07-28#/$defs/CallToolResult' } },
  failed: { error: { $ref: 'mcp-2026-07-28#/$defs/Error' } },
} as const;

function taskOf(status: (typeof STATUSES)[number]): object {
  const payload: object = status in PAYLOADS ? PAYLOADS[status as keyof typeof PAYLOADS] : {};
  const others = Object.values(PAYLOADS).flatMap((each) => Object.keys(each).filter((name) => !(name in payload)));
  return {
    type: 'object',
    properties: {
      ...HEAD,
      status: { const: status },
      ...payload,
      ...Object.fromEntries(others.map((name) => [name, false])),
    },
    required: [...REQUIRED, ...Object.keys(payload)],
  };
}

/** A task as its creation is answered: of whatever status, without what that brings. */
export const CREATED = {
  type: 'object',
  properties: {
    ...HEAD,
    resultType: { const: 'task' },
    status: { enum: STATUSES },
    result: false,
    error: false,
    inputRequests: false,
  },
  required: [...REQUIRED, 'resultType'],
};

/** A task as it is looked at and told of. */
export const DETAILED = { oneOf: STATUSES.map(taskOf) };

/** The same as the result of a request. */
export const GOT = {
  allOf: [
    { type: 'object', properties: { resultType: { const: 'complete' } }, required: ['resultType'] },
    { $ref: 'detailed' },
  ],
};

export const TOLD = {
  type: 'object',
  properties: { method: { const: 'notifications/tasks' }, params: { $ref: 'detailed' } },
  required: ['method', 'params'],
};
