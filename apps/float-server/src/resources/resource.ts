import type { ResourceKey } from '../float/resources.js';
import type { View } from './view.js';

export type Variables = Readonly<Record<string, string | undefined>>;

export type Suggest = (typed: string, view: View) => string[] | Promise<string[]>;

/** A family of MCP resources. A new one is an object like this, and its place in the list of `index.ts`. */
export interface FloatResource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** RFC 6570. */
  readonly template: string;
  /** Those to show in the list of resources. */
  readonly listed: readonly Listed[];
  /** The tables it is made of: as long as they are the same, so is its body. */
  readonly tables: readonly ResourceKey[];
  /** For every variable of the template. */
  readonly suggest: Readonly<Record<string, Suggest>>;
  /** What is read: an object for JSON. */
  body(variables: Variables, view: View): Promise<object>;
}

export interface Listed {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
}
