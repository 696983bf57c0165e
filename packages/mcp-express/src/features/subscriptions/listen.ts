import { assertExtension } from '../../protocol/client-capabilities.js';
import { McpError } from '../../protocol/errors.js';
import { methodNotFound } from '../../request/method.js';
import type { Admission, Feature, FeatureDeps } from '../feature.js';
import { TASKS } from '../tasks/task-text.js';
import { wantsTasks } from './subscription-filter.js';

/** `subscriptions/listen`: a stream of the changes that a stateless client names (MCP 2026-07-28, Subscriptions). */
export const subscriptionsFeature: Feature = {
  methods: {
    'subscriptions/listen': {
      handle: (call, { listeners }) => listeners.listen(call),
      admit: admitListen,
      only: 'stateless',
      waits: true,
    },
  },
};

function admitListen({ request, context, streaming }: Admission, { discovery }: FeatureDeps): void {
  if (!discovery.streaming) throw methodNotFound(request.method);
  if (!streaming) throw new McpError('not-acceptable', 'The Accept header must allow text/event-stream');
  if (wantsTasks(request.params)) assertExtension(context.client.capabilities, TASKS);
}
