import { extensionOf } from '../protocol/client-capabilities.js';
import type { ClientCapabilities, Implementation } from '../protocol/mcp.js';
import type { ClientInfo, DeclaredClient } from './running-call.js';

/** The client as handlers see it. */
export class HandlerClient implements ClientInfo {
  readonly info: Implementation | undefined;
  readonly capabilities: ClientCapabilities;

  constructor({ info, capabilities }: DeclaredClient) {
    this.info = info;
    this.capabilities = capabilities;
  }

  extension(id: string): Readonly<Record<string, unknown>> | undefined {
    return extensionOf(this.capabilities, id);
  }
}
