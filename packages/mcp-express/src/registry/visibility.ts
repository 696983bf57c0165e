import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../auth/principal.js';
import { withoutCredentials } from '../observe/credential-headers.js';
import type { ClientCapabilities, Implementation } from '../protocol/mcp.js';

/** A caller as `visible` functions see it. */
export interface VisibleCaller {
  readonly principal: Principal | undefined;
  /** Name and version of the client. */
  readonly client: Implementation | undefined;
  readonly capabilities: ClientCapabilities;
  /** The revision of MCP in use, such as `2026-07-28`. */
  readonly revision: string;
  /**
   * Headers of the request with lower-case names, without those that carry credentials. Empty on stdio, and where changes
   * of lists and resources are announced, which no request asks for.
   */
  readonly headers: Readonly<IncomingHttpHeaders>;
}

/**
 * Whether an entry exists for a caller. For others it is not listed, and calls treat its name as unknown. Called often, so
 * it must be fast. An error counts as `false`.
 */
export type Visible = (principal: Principal | undefined, caller: VisibleCaller) => boolean;

/** The request context, or the known facts of a caller without a request. */
export interface Viewer {
  readonly principal: Principal | undefined;
  readonly client: { readonly info: Implementation | undefined; readonly capabilities: ClientCapabilities };
  readonly revision: string | { readonly id: string };
  readonly request?: { readonly headers: Readonly<IncomingHttpHeaders> } | undefined;
}

const NO_HEADERS: Readonly<IncomingHttpHeaders> = Object.freeze({});

/** Makes a viewer visible to `visible` functions, and records whether one of them read the headers. */
export class SeenCaller implements VisibleCaller {
  #headers: Readonly<IncomingHttpHeaders> | undefined;

  constructor(private readonly viewer: Viewer) {}

  get principal(): Principal | undefined {
    return this.viewer.principal;
  }

  get client(): Implementation | undefined {
    return this.viewer.client.info;
  }

  get capabilities(): ClientCapabilities {
    return this.viewer.client.capabilities;
  }

  get revision(): string {
    const { revision } = this.viewer;
    return typeof revision === 'string' ? revision : revision.id;
  }

  get headers(): Readonly<IncomingHttpHeaders> {
    const { request } = this.viewer;
    this.#headers ??= request === undefined ? NO_HEADERS : withoutCredentials(request.headers);
    return this.#headers;
  }

  get hasReadHeaders(): boolean {
    return this.#headers !== undefined;
  }
}

/** Whether an entry with this `visible` function exists for a caller. */
export function isVisible(visible: Visible | undefined, viewer: Viewer): boolean {
  return visible === undefined || isVisibleTo(visible, new SeenCaller(viewer));
}

/** The same for a caller who is asked about more than one entry. */
export function isVisibleTo(visible: Visible, caller: SeenCaller): boolean {
  try {
    return visible(caller.principal, caller) === true;
  } catch (cause) {
    warnOnce(visible, cause);
    return false;
  }
}

const warned = new WeakSet<Visible>();

/** Warns once per function, because an entry hidden by an error looks like one hidden on purpose. */
function warnOnce(visible: Visible, cause: unknown): void {
  if (warned.has(visible)) return;
  warned.add(visible);
  const message = `visible threw an error, which hides its entry: ${String(cause)}`;
  process.emitWarning(message, { type: 'McpExpressWarning', code: 'MCP_EXPRESS_VISIBLE_THREW' });
}
