import { checkHostOptions, HOST_OPTIONS, wholeFrom } from '../hosting/host-options.js';
import { HostedServer } from '../hosting/hosted-server.js';
import type { HostOptions, Sharing } from '../hosting/hosting.js';
import type { Upstream, UpstreamConnection, UpstreamEvents } from '../hosting/upstream.js';
import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import { MemoryTransport } from './memory-transport.js';
import { isConnected, isSdkServer, type SdkServer } from './sdk-server.js';

/** Makes a server of the SDK, with its tools, resources and prompts. Called for each instance, so it returns a new one. */
export type SdkServerFactory = () => SdkServer | Promise<SdkServer>;

/** The options of `hostSdk`. All are optional. */
export interface HostSdkOptions extends HostOptions {
  /**
   * Which clients share an instance of the server. `'shared'`: all whose name, version, capabilities and revision are the
   * same, so that a few instances serve every session, on any node. `'session'`: each session has its own on each node that
   * it uses, for servers that keep the state of a client in variables. @default 'shared'
   */
  readonly instances?: Exclude<Sharing, 'one'>;
  /** Most instances on this node. At the limit, one that is idle is closed. @default 64 shared ones, or 1000 of sessions */
  readonly maxInstances?: number;
}

const MOST: Readonly<Record<Exclude<Sharing, 'one'>, number>> = { shared: 64, session: 1_000 };

/**
 * Hosts a server of the official SDK, its code unchanged: `mcpRouter(hostSdk(() => buildServer()))`. Sessions that any node
 * serves, resumption, limits, authentication and both ways of speaking MCP are those of the router.
 *
 * @param factory returns a new `McpServer` or `Server` of `@modelcontextprotocol/sdk` 1.x or `@modelcontextprotocol/server`
 *   2.x each time.
 * @throws ConfigurationError if an argument is invalid.
 */
export function hostSdk(factory: SdkServerFactory, options: HostSdkOptions = {}): HostedServer {
  if (typeof factory !== 'function') {
    const hint = isSdkServer(factory) ? ': wrap what makes it, as in hostSdk(() => buildServer())' : '';
    throw new ConfigurationError(
      `hostSdk takes a function that returns a server; it was given ${kindOf(factory)}${hint}`,
    );
  }
  assertKnown(options, [...HOST_OPTIONS, 'instances', 'maxInstances'], 'hostSdk');
  checkHostOptions(options, 'hostSdk');
  const { instances: sharing = 'shared', maxInstances = MOST[sharing] } = options;
  if (MOST[sharing] === undefined) {
    throw new ConfigurationError('hostSdk option "instances" must be "shared" or "session"');
  }
  wholeFrom(1, maxInstances, 'hostSdk option "maxInstances"');
  return new HostedServer({ upstream: new SdkUpstream(factory), sharing, most: maxInstances, options });
}

/** Connects what the factory returns. */
class SdkUpstream implements Upstream {
  readonly what = 'The hosted server';
  readonly knowsContext = true;
  readonly #seen = new WeakSet<object>();

  constructor(private readonly factory: SdkServerFactory) {}

  async connect(events: UpstreamEvents): Promise<UpstreamConnection> {
    const server = await this.factory();
    this.#assertNew(server);
    const transport = new MemoryTransport(events);
    // The interface of transports is the same in both versions of the SDK, and has no type here.
    await server.connect(transport as never);
    return {
      send: (message, context) => transport.receive(message, context),
      close: () => server.close(),
    };
  }

  #assertNew(server: SdkServer): void {
    if (!isSdkServer(server)) {
      throw new ConfigurationError(
        `The factory of hostSdk must return a server of the SDK; it returned ${kindOf(server)}`,
      );
    }
    const isKnown = this.#seen.has(server);
    this.#seen.add(server);
    if (isKnown || isConnected(server)) {
      const what = isKnown ? 'returned the same server twice' : 'returned a server that is connected already';
      throw new ConfigurationError(`The factory of hostSdk ${what}: it must make a new one each time`);
    }
  }
}
