import type { ResourceKey } from 'float-api';
import type { View } from './view.js';

/** Values of a template's variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Completes a variable or argument. */
export type Suggest = (typed: string, view: View) => string[] | Promise<string[]>;

/** A resource template with its content. To add one, declare it and list it in `index.ts`. */
export interface FloatResource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** An RFC 6570 template. */
  readonly template: string;
  /** Concrete resources for `resources/list`. */
  readonly listed: readonly ListedResource[];
  /** The tables the content is derived from. As long as they do not change, neither does the content. */
  readonly tables: readonly ResourceKey[];
  /** Completions for every variable of the template. */
  readonly suggest: Readonly<Record<string, Suggest>>;
  /** Reads the content as an object for JSON. */
  body(variables: Variables, view: View): Promise<object>;
}

/** A concrete resource in `resources/list`. */
export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
}
