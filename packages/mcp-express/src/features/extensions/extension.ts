import type { Principal } from '../../auth/principal.js';
import type { Visible } from '../../registry/visibility.js';
import type { HandlerContext } from '../../request/context.js';
import type { ClientInfo } from '../../request/running-call.js';
import type { Infer, SchemaSource } from '../../schema/schema.js';

/** A request method of an extension. */
export interface ExtensionMethod<P extends SchemaSource = SchemaSource> {
  /** The params without `_meta`, an object. They are validated before the handler runs. */
  readonly paramsSchema: P;
  /**
   * The result, an object. The return value of the handler is validated.
   * @default any object
   */
  readonly resultSchema?: SchemaSource;
  /**
   * OAuth scopes that a caller needs. Requests without them are refused before the handler runs.
   * @default none
   */
  readonly scopes?: readonly string[];
  /**
   * Answers a request with its result. An `McpError` that it throws becomes a JSON-RPC error. In 2026-07-28 only tools,
   * prompts and resources may ask the client: `ctx.elicit`, `ctx.sample` and `ctx.roots` then reject with `no-channel`.
   */
  handler(params: Infer<P>, ctx: HandlerContext): object | Promise<object>;
}

/** The client that sent a notification. */
export interface NotificationSender {
  readonly principal: Principal | undefined;
  readonly client: ClientInfo;
  readonly revision: string;
  /** Absent in 2026-07-28. */
  readonly sessionId: string | undefined;
}

/** A notification of an extension, which `ctx.sendNotification` sends and `handler` receives. */
export interface ExtensionNotification<P extends SchemaSource = SchemaSource> {
  /** The params without `_meta`, an object. They are validated in both directions. */
  readonly paramsSchema: P;
  /**
   * Receives the notification from clients. Those with invalid params are ignored.
   * @default the notification is only sent
   */
  handler?(params: Infer<P>, sender: NotificationSender): unknown;
}

/** An extension of MCP: an optional addition that client and server negotiate (MCP 2026-07-28, Versioning). */
export interface Extension<
  M extends Readonly<Record<string, SchemaSource>> = Readonly<Record<string, SchemaSource>>,
  N extends Readonly<Record<string, SchemaSource>> = Readonly<Record<string, SchemaSource>>,
> {
  /** A prefix, a slash and a name, such as `com.example/orders`. The prefix is a domain of yours, reversed. */
  readonly id: string;
  /**
   * Announced as the member `version` of the settings.
   * @default none
   */
  readonly version?: string;
  /**
   * Announced to clients, as a JSON object.
   * @default `{}`
   */
  readonly settings?: Readonly<Record<string, unknown>>;
  /**
   * Decides for which callers the extension exists. For others it is not announced, and its methods are unknown.
   * @default all
   */
  readonly visible?: Visible;
  /**
   * Request methods by name, such as `orders/watch`. Clients that have not declared the extension are refused with
   * `capability-missing`.
   * @default none
   */
  readonly methods?: { readonly [K in keyof M]: ExtensionMethod<M[K]> };
  /**
   * Notifications by method, such as `notifications/orders/changed`.
   * @default none
   */
  readonly notifications?: { readonly [K in keyof N]: ExtensionNotification<N[K]> };
}
