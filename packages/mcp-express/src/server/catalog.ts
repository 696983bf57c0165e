import { createHash } from 'node:crypto';
import type { CompiledTool } from './tool.js';

/** Everything a server offers at one moment. Immutable; what clients ask for often is serialised once, when first asked. */
export class Catalog {
  readonly tools: ReadonlyMap<string, CompiledTool>;
  #toolsList: string | undefined;
  #fingerprint: string | undefined;

  constructor(tools: readonly CompiledTool[]) {
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  /** The result of `tools/list` as JSON text. */
  get toolsList(): string {
    this.#toolsList ??= JSON.stringify({ tools: [...this.tools.values()].map((tool) => tool.listing) });
    return this.#toolsList;
  }

  /** The same for the same offers, on every node and after a restart. */
  get fingerprint(): string {
    this.#fingerprint ??= createHash('sha256').update(this.toolsList).digest('base64url').slice(0, 22);
    return this.#fingerprint;
  }
}
