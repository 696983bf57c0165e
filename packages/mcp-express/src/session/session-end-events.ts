import type { McpServer } from '../features/mcp-server.js';
import type { SessionEnd } from '../features/server-events.js';
import type { Bus } from '../store/store.js';

/** The bus topic of ended sessions with the reason, for the listeners of `onSessionEnd` on all nodes. */
const TOPIC = 'session-end-event';

/** The parts of a node that report ended sessions. */
export interface SessionEndEventsDeps {
  readonly server: McpServer;
  readonly bus: Bus;
  readonly failed: (where: string, cause: unknown) => void;
}

/** Reports ended sessions to the listeners of `onSessionEnd`, on every node. */
export class SessionEndEvents {
  readonly #unsubscribe: () => void;

  constructor(private readonly deps: SessionEndEventsDeps) {
    this.#unsubscribe = deps.bus.subscribe(TOPIC, (message) => this.#emit(JSON.parse(message) as SessionEnd));
  }

  /** Whether this node has listeners. All nodes run the same program, so other nodes have them too. */
  get isHeard(): boolean {
    return this.deps.server.events.sessionEnded.isHeard;
  }

  /** Reports an end to all nodes. While the bus is unavailable, only to this one. */
  publish(end: SessionEnd): void {
    if (!this.isHeard) return;
    this.deps.bus.publish(TOPIC, JSON.stringify(end)).catch((cause: unknown) => {
      this.deps.failed('announcing the end of a session', cause);
      this.#emit(end);
    });
  }

  close(): void {
    this.#unsubscribe();
  }

  #emit(end: SessionEnd): void {
    this.deps.server.events.sessionEnded.emit(end, (cause) => this.deps.failed('a listener of onSessionEnd', cause));
  }
}
