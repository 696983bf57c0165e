import type { Resource } from '../../protocol/mcp.js';
import { childUri } from './skill-uri.js';

/** What a folder is listed as (Skills extension, "Directory Resources"). */
const DIRECTORY_TYPE = 'inode/directory';

/** The direct children of each folder, by the folder's URI. Folders exist by what is in them. */
export class Directories {
  readonly #children = new Map<string, Map<string, Resource>>();

  /** Adds the folders with these names, each within the one before. Returns the URI of the last. */
  open(top: string, names: readonly string[]): string {
    let folder = top;
    for (const name of names) {
      const uri = childUri(folder, name);
      this.put(folder, { uri, name, mimeType: DIRECTORY_TYPE });
      folder = uri;
    }
    return folder;
  }

  put(folder: string, child: Resource): void {
    const children = this.#children.get(folder) ?? new Map<string, Resource>();
    this.#children.set(folder, children);
    if (!children.has(child.uri)) children.set(child.uri, Object.freeze(child));
  }

  /** As they are now. */
  list(): ReadonlyMap<string, readonly Resource[]> {
    return new Map([...this.#children].map(([folder, children]) => [folder, Object.freeze([...children.values()])]));
  }
}
