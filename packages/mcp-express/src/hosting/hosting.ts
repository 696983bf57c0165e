import type { DelegateServices, OpeningContext, ServerDescription } from '../features/delegate.js';
import type { Implementation } from '../protocol/mcp.js';
import type { Call } from '../request/call.js';
import type { RequestContext } from '../request/request-context.js';
import type { Instance } from './instance.js';
import { Instances, type WantedInstance } from './instances.js';
import { EVERY_CLIENT, profileKey, profileOf } from './profile.js';
import type { Upstream } from './upstream.js';
import { VisibleEntries, type VisibleEntry } from './visible-entries.js';

/**
 * Which clients share a server: all clients that are alike (`shared`), those of one session (`session`), or all (`one`).
 * Stateless requests have no session: with `session`, those of one caller share a server.
 */
export type Sharing = 'shared' | 'session' | 'one';

/** Options of every hosted server. All are optional. */
export interface HostOptions {
  /**
   * OAuth scopes that a caller needs, by the name of the tool. Calls without them get 403, before the server is asked.
   * @default {}
   */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  /** Decides for which principals an entry exists. For others it is neither listed nor served. @default all */
  readonly visible?: VisibleEntry;
  /** Milliseconds for a server to start and to answer `initialize`. @default 30000 */
  readonly startTimeoutMs?: number;
  /**
   * Milliseconds without a request after which a server is closed. It is started again when needed.
   * @default 300000 (5 minutes)
   */
  readonly idleMs?: number;
}

/** The settings of one hosted server. */
export interface HostingSettings {
  readonly upstream: Upstream;
  readonly sharing: Sharing;
  readonly most: number;
  readonly options: HostOptions;
}

const DEFAULTS = { startTimeoutMs: 30_000, idleMs: 5 * 60_000 };

/** Until the first instance has described itself. */
const UNKNOWN: Implementation = { name: 'hosted', version: '0.0.0' };

/** The instances of a hosted server on this node, and their shared state. */
export class Hosting {
  readonly visible: VisibleEntries | undefined;
  info: Implementation = UNKNOWN;
  readonly #instances: Instances;
  readonly #services = new Set<DelegateServices>();
  readonly #sharing: Sharing;
  #reported = false;

  constructor({ upstream, sharing, most, options }: HostingSettings) {
    const { startTimeoutMs = DEFAULTS.startTimeoutMs, idleMs = DEFAULTS.idleMs, visible } = options;
    this.visible = visible === undefined ? undefined : new VisibleEntries(visible);
    this.#sharing = sharing;
    const failed = (where: string, cause: unknown): void => {
      for (const services of this.#services) services.failed(where, cause);
    };
    const messages = {
      services: () => [...this.#services],
      failed,
      unexpected: (what: string) => {
        // Once, because a faulty server may do it at every call.
        if (!this.#reported) failed(what, new Error('It answered a request twice, or after its end'));
        this.#reported = true;
      },
    };
    this.#instances = new Instances({ upstream, startTimeoutMs, idleMs, most, messages });
  }

  attach(services: DelegateServices): void {
    this.#services.add(services);
  }

  /** Running instances. */
  get count(): number {
    return this.#instances.count;
  }

  instanceFor(call: Call): Promise<Instance> {
    return this.#instances.get(this.#wanted(call.context), { context: call.context, call });
  }

  /** The instance of a context, if it runs: nothing is started for a notification. */
  runningFor(context: RequestContext): Instance | undefined {
    return this.#instances.running(this.#wanted(context).key);
  }

  async describe(opening: OpeningContext): Promise<ServerDescription> {
    const { description } = await this.#instances.get(this.#wanted(opening), { context: opening });
    this.info = description.serverInfo;
    return description;
  }

  /** Closes the server of a session that has ended. */
  sessionEnded(sessionId: string): void {
    if (this.#sharing === 'session') this.#instances.close(sessionKey(sessionId));
  }

  /** Closes all instances. */
  close(): Promise<void> {
    return this.#instances.closeAll();
  }

  #wanted(context: RequestContext | OpeningContext): WantedInstance {
    if (this.#sharing === 'one') return { key: 'all', profile: EVERY_CLIENT, exclusive: false };
    const profile = profileOf(context);
    if (this.#sharing === 'shared') return { key: profileKey(context), profile, exclusive: false };
    const { sessionId, holder } = context;
    if (sessionId !== undefined) return { key: sessionKey(sessionId), profile, exclusive: true };
    return { key: `caller ${holder} ${profileKey(context)}`, profile, exclusive: false };
  }
}

function sessionKey(sessionId: string): string {
  return `session ${sessionId}`;
}
