import type { ListName } from '../protocol/mcp.js';
import type { ResultWriter } from '../request/result-writer.js';

/** Most texts of one instance: pages for callers with different scopes. The oldest is asked for again. */
const MAX_TEXTS = 256;

/** The lists of a server as JSON text, from the first request until the server announces a change. */
export class KeptLists {
  readonly #texts = new Map<ResultWriter, Map<string, Promise<string>>>();

  /** @param key names the list first, as `tools` does, then the page and the caller */
  get(writer: ResultWriter, key: string, ask: () => Promise<string>): Promise<string> {
    const texts = this.#textsFor(writer);
    const known = texts.get(key);
    if (known !== undefined) return known;
    const asked = ask();
    texts.set(key, asked);
    const [oldest] = texts.keys();
    if (texts.size > MAX_TEXTS && oldest !== undefined) texts.delete(oldest);
    asked.catch(() => {
      if (texts.get(key) === asked) texts.delete(key);
    });
    return asked;
  }

  forget(list: ListName): void {
    for (const texts of this.#texts.values()) {
      for (const key of texts.keys()) if (key.startsWith(list)) texts.delete(key);
    }
  }

  #textsFor(writer: ResultWriter): Map<string, Promise<string>> {
    const known = this.#texts.get(writer);
    if (known !== undefined) return known;
    const made = new Map<string, Promise<string>>();
    this.#texts.set(writer, made);
    return made;
  }
}
