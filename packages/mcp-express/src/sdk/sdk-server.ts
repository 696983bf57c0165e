import { isObject } from '../protocol/json-rpc.js';

/** `McpServer` and `Server` of `@modelcontextprotocol/sdk` 1.x and of `@modelcontextprotocol/server` 2.x. */
export interface SdkServer {
  /** `never` stands for the `Transport` of either version, whose types are not at hand. */
  connect(transport: never): Promise<void>;
  close(): Promise<void>;
}

/** Whether a value is a server of the SDK, by its methods: the SDK need not be installed where this package is. */
export function isSdkServer(value: unknown): value is SdkServer {
  if (!isObject(value) || typeof value['connect'] !== 'function' || typeof value['close'] !== 'function') return false;
  return typeof value['registerTool'] === 'function' || typeof value['setRequestHandler'] === 'function';
}

/** Whether the server has a transport already. */
export function isConnected(server: SdkServer): boolean {
  const { server: inner } = server as { server?: unknown };
  const low = isObject(inner) ? inner : (server as unknown as Record<string, unknown>);
  return low['transport'] !== undefined;
}
