import type { Catalog } from '../features/catalog.js';
import type { Delegate } from '../features/delegate.js';
import { McpServer } from '../features/mcp-server.js';
import { hostedMethods, otherMethod } from './hosted-methods.js';
import { Hosting, type HostingSettings } from './hosting.js';

/**
 * A server of another library, or another process, for `mcpRouter` and `serveStdio`. Registrations on it have no
 * effect: its features are those of the hosted server.
 */
export class HostedServer extends McpServer {
  readonly #hosting: Hosting;
  readonly #delegate: Delegate;
  #opaque: Catalog | undefined;

  constructor(settings: HostingSettings) {
    super({ name: 'hosted', version: '0.0.0' }, { announce: ['resources', 'prompts'] });
    const hosting = new Hosting(settings);
    const { scopes = {} } = settings.options;
    this.#hosting = hosting;
    this.#delegate = {
      methods: hostedMethods(hosting),
      otherMethod: otherMethod(hosting),
      get info() {
        return hosting.info;
      },
      attach: (services) => hosting.attach(services),
      initialize: (opening) => hosting.describe(opening),
      notified: ({ method, params }, context) => {
        // A server shared by several sessions received it when it was started.
        if (method !== 'notifications/initialized') hosting.runningFor(context)?.notify(method, params, { context });
      },
      scopesOf: (tool) => (Object.hasOwn(scopes, tool) ? (scopes[tool] ?? []) : []),
    };
    this.onSessionEnd(({ sessionId }) => hosting.sessionEnded(sessionId));
  }

  override get delegate(): Delegate {
    return this.#delegate;
  }

  override get catalog(): Catalog {
    this.#opaque ??= super.catalog.asOpaque();
    return this.#opaque;
  }

  /** Servers that run on this node now. */
  get instances(): number {
    return this.#hosting.count;
  }

  /** Closes the servers that run on this node, for the end of the process. Later requests start them again. */
  close(): Promise<void> {
    return this.#hosting.close();
  }
}
