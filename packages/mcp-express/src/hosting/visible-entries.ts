import type { Principal } from '../auth/principal.js';
import { isObject, type Params } from '../protocol/json-rpc.js';

/** A kind of entry that a server lists. */
export type EntryKind = 'tool' | 'prompt' | 'resource' | 'template';

/** An entry of a hosted server. */
export interface HostedEntry {
  readonly kind: EntryKind;
  /** The name of a tool or prompt, the URI of a resource, the URI template of a template. */
  readonly name: string;
}

/** Whether an entry exists for a principal. An error counts as `false`. */
export type VisibleEntry = (entry: HostedEntry, principal: Principal | undefined) => boolean;

const MEMBERS: Readonly<Record<EntryKind, readonly [string, string]>> = {
  tool: ['tools', 'name'],
  prompt: ['prompts', 'name'],
  resource: ['resources', 'uri'],
  template: ['resourceTemplates', 'uriTemplate'],
};

/** Hides entries of a hosted server from some principals. */
export class VisibleEntries {
  constructor(private readonly visible: VisibleEntry) {}

  has(entry: HostedEntry, principal: Principal | undefined): boolean {
    try {
      return this.visible(entry, principal) === true;
    } catch {
      return false;
    }
  }

  /** The result of a list without hidden entries. */
  in(result: Params, kind: EntryKind, principal: Principal | undefined): Params {
    const [member, key] = MEMBERS[kind];
    const entries = result[member];
    if (!Array.isArray(entries)) return result;
    const shown = entries.filter((entry) => isObject(entry) && this.has({ kind, name: String(entry[key]) }, principal));
    return { ...result, [member]: shown };
  }
}
