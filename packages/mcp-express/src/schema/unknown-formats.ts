/** Formats that Ajv does not know, as it reports them during one compilation. */
const UNKNOWN = /^unknown format "(.*)" ignored in schema at path "(.*)"$/s;

/** Collects what Ajv would write to the console. */
export class CompilationNotes {
  #notes: string[] = [];

  readonly log = (): void => {};
  readonly error = (): void => {};
  readonly warn = (note: unknown): void => {
    this.#notes.push(String(note));
  };

  /** The notes since the last call. */
  take(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }
}

/** Forms are compiled again and again, and need no second warning. */
const MAX_TOLD = 1_000;
const told = new Set<string>();

/**
 * Warns once of the formats of a schema that are not checked. They are valid (JSON Schema 2020-12, Validation, section
 * 7.2.3), but one that is misspelled, such as `datetime`, would allow every text.
 *
 * @param what such as `inputSchema of tool "order"`
 */
export function warnOfFormats(notes: readonly string[], what: string): void {
  if (notes.length === 0) return;
  const found = notes.map((note) => {
    const [, format = note, path = ''] = UNKNOWN.exec(note) ?? [];
    return `"${format}" at ${path}`;
  });
  const message = `${what} has formats that are not known, and are not checked: ${[...new Set(found)].join(', ')}`;
  if (told.has(message) || told.size >= MAX_TOLD) return;
  told.add(message);
  process.emitWarning(message, { type: 'McpExpressWarning', code: 'MCP_EXPRESS_UNKNOWN_FORMAT' });
}
