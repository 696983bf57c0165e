import type { Resource } from '../../protocol/mcp.js';
import { childUri } from './skill-uri.js';

/** The media type of a folder (Skills extension, "Directory Resources"). */
const DIRECTORY_TYPE = 'inode/directory';

/** The direct children of each folder, by its URI. Folders exist through their contents. */
export class Directories {
  readonly #children = new Map<string, Map<string, Resource>>();

  /**
   * Adds nested folders with these names.
   * @returns the URI of the innermost
   */
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

  /** The current contents. */
  list(): ReadonlyMap<string, readonly Resource[]> {
    return new Map([...this.#children].map(([folder, children]) => [folder, Object.freeze([...children.values()])]));
  }
}
