import type { Attributes, BatchObservableCallback, Counter, Histogram, Meter, Observable } from '@opentelemetry/api';
import type { InstrumentedNode } from '../observe/instrumentation.js';
import type { Observation } from '../observe/observe.js';
import { ATTR, DURATION_BUCKETS, HTTP, STORE_BUCKETS } from './conventions.js';
import { quietly } from './guard.js';
import { SessionClock } from './session-clock.js';

const SECONDS = 's';
const durations = { unit: SECONDS, advice: { explicitBucketBoundaries: DURATION_BUCKETS } };

/** The metrics of one node. Every label is of a bounded set. */
export class Metrics {
  readonly #operations: Histogram;
  readonly #clientRequests: Histogram;
  readonly #sessions: Histogram;
  readonly #store: Histogram;
  readonly #counters: Readonly<Record<CounterName, Counter>>;
  readonly #clock = new SessionClock();
  readonly #stop: () => void;

  constructor(meter: Meter, node: InstrumentedNode) {
    this.#operations = meter.createHistogram('mcp.server.operation.duration', {
      ...durations,
      description: 'Duration of an MCP request or notification, from its arrival until its result or acknowledgement.',
    });
    this.#clientRequests = meter.createHistogram('mcp.client.operation.duration', {
      ...durations,
      description: 'Duration of a request to the client, from its sending until its response.',
    });
    this.#sessions = meter.createHistogram('mcp.server.session.duration', {
      ...durations,
      description: 'Duration of an MCP session.',
    });
    this.#store = meter.createHistogram('mcp_express.store.operation.duration', {
      unit: SECONDS,
      advice: { explicitBucketBoundaries: STORE_BUCKETS },
      description: 'Duration of a step of the store.',
    });
    this.#counters = countersOf(meter);
    this.#stop = observeFigures(meter, node);
  }

  operation(ms: number, labels: Attributes): void {
    quietly(() => this.#operations.record(ms / 1000, labels));
  }

  clientRequest(ms: number, labels: Attributes): void {
    quietly(() => this.#clientRequests.record(ms / 1000, labels));
  }

  storeStep(ms: number, labels: Attributes): void {
    quietly(() => this.#store.record(ms / 1000, labels));
  }

  /** Counts an event. Calls and tasks are measured by their spans. */
  observe(event: Observation): void {
    switch (event.type) {
      case 'session-opened':
        this.#clock.opened(event.session, event.revision);
        return this.#count('sessionsOpened', { [ATTR.revision]: event.revision });
      case 'session-ended':
        return this.#sessionEnded(event);
      case 'stream-opened':
        return this.#count('streamsOpened', { [ATTR.kind]: event.kind });
      case 'stream-superseded':
        return this.#count('streamsSuperseded');
      case 'stream-stalled':
        return this.#count('readersCut');
      case 'notification-dropped':
        return this.#count('notificationsDropped');
      case 'refused':
        return this.#count('refusals', { [ATTR.errorType]: event.error, [ATTR.status]: event.status });
      case 'failure':
        return this.#count('failures');
      default:
    }
  }

  close(): void {
    quietly(this.#stop);
  }

  #sessionEnded({ session, reason, openedAt, revision }: Observation & { readonly type: 'session-ended' }): void {
    this.#count('sessionsEnded', { [ATTR.reason]: reason });
    const known = this.#clock.ended(session);
    const since = openedAt ?? known?.openedAt;
    const agreed = revision ?? known?.revision;
    if (since === undefined || agreed === undefined) return;
    const seconds = Math.max(0, Date.now() - since) / 1000;
    quietly(() => this.#sessions.record(seconds, { ...HTTP, [ATTR.revision]: agreed }));
  }

  #count(name: CounterName, labels?: Attributes): void {
    quietly(() => this.#counters[name].add(1, labels));
  }
}

const COUNTERS = {
  sessionsOpened: ['mcp_express.sessions.opened', '{session}', 'Sessions opened on this node.'],
  sessionsEnded: ['mcp_express.sessions.ended', '{session}', 'Sessions deleted, evicted or expired.'],
  streamsOpened: ['mcp_express.streams.opened', '{stream}', 'Streams opened; those of kind "resumed" replay.'],
  streamsSuperseded: ['mcp_express.streams.superseded', '{stream}', 'Streams taken over by a newer connection.'],
  readersCut: ['mcp_express.readers.cut', '{connection}', 'Connections cut because their clients read nothing.'],
  notificationsDropped: ['mcp_express.notifications.dropped', '{notification}', 'Notifications without a stream.'],
  refusals: ['mcp_express.refusals', '{request}', 'HTTP requests refused before a call, by reason.'],
  failures: ['mcp_express.failures', '{failure}', 'Failures of handlers, of the store and of background work.'],
} as const;

type CounterName = keyof typeof COUNTERS;

function countersOf(meter: Meter): Readonly<Record<CounterName, Counter>> {
  const entries = Object.entries(COUNTERS).map(([key, [name, unit, description]]) => [
    key,
    meter.createCounter(name, { unit, description }),
  ]);
  return Object.fromEntries(entries) as Record<CounterName, Counter>;
}

const GAUGES = {
  calls: ['mcp_express.calls', '{call}', 'Running calls.'],
  streams: ['mcp_express.streams', '{stream}', 'Open streams.'],
  listeners: ['mcp_express.listeners', '{stream}', 'Open subscriptions/listen streams.'],
  tasks: ['mcp_express.tasks', '{task}', 'Running tasks.'],
  slowReaders: ['mcp_express.readers.lagging', '{connection}', 'Connections whose clients do not read.'],
} as const;

/** Observes the figures of the node at each collection. @returns a function that ends it. */
function observeFigures(meter: Meter, node: InstrumentedNode): () => void {
  const gauges = Object.entries(GAUGES).map(
    ([figure, [name, unit, description]]) =>
      [figure as keyof typeof GAUGES, meter.createObservableGauge(name, { unit, description })] as const,
  );
  const here: BatchObservableCallback = (result) => {
    const figures = node.figures();
    for (const [figure, gauge] of gauges) result.observe(gauge, figures[figure]);
  };
  const all: Observable[] = gauges.map(([, gauge]) => gauge);
  const description = 'Sessions in the store, of all nodes.';
  const sessions = meter.createObservableGauge('mcp_express.sessions', { unit: '{session}', description });
  // On its own, so that a store that hangs does not withhold the other figures.
  const stored: BatchObservableCallback = async (result) => {
    const count = await node.sessions().catch(() => undefined);
    if (count !== undefined) result.observe(sessions, count);
  };
  meter.addBatchObservableCallback(here, all);
  meter.addBatchObservableCallback(stored, [sessions]);
  return () => {
    meter.removeBatchObservableCallback(here, all);
    meter.removeBatchObservableCallback(stored, [sessions]);
  };
}
