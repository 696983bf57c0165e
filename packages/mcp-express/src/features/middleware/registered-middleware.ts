import { assertKnown, ConfigurationError, kindOf } from '../../protocol/errors.js';
import { closestName } from '../../util/closest-name.js';
import { MIDDLEWARE_METHODS, type Middleware, type MiddlewareOptions, type MiddlewareStage } from './middleware.js';

/** Middleware of one request, in order of registration: the first is the outermost. */
export type Chain = readonly Middleware[];

interface Entry {
  /** `undefined`: every method. */
  readonly method: string | undefined;
  readonly at: MiddlewareStage;
  readonly run: Middleware;
}

/** Far more than a server needs, and few enough to notice that each request registers one. */
const MOST = 100;

const METHODS: readonly string[] = MIDDLEWARE_METHODS;

/** The methods whose handlers get validated arguments. */
const WITH_ARGUMENTS: readonly string[] = ['tools/call', 'prompts/get'];

/** The middleware of a server. A request uses what is registered when it starts. */
export class RegisteredMiddleware {
  #entries: readonly Entry[] = [];
  /** By stage and method; those for every method under ''. Built anew after each change. */
  #chains = new Map<string, Chain>();

  /**
   * @param given `(middleware, options?)` or `(method, middleware, options?)`
   * @returns removes it
   * @throws ConfigurationError for an unknown method or option, for middleware that is no function, or beyond 100
   */
  add(given: readonly unknown[]): () => void {
    const entry = entryOf(given);
    if (this.#entries.length >= MOST) {
      throw new ConfigurationError(
        `A server has at most ${MOST} middleware. Register it once, when the server is made, not for each request`,
      );
    }
    this.#replace([...this.#entries, entry]);
    return () => this.#replace(this.#entries.filter((each) => each !== entry));
  }

  /** The chain of a method. `undefined` if it is empty. */
  of(method: string, at: MiddlewareStage): Chain | undefined {
    if (this.#entries.length === 0) return undefined;
    // Names of other methods may come from clients of hosted servers, so they share one chain.
    const key = `${at} ${METHODS.includes(method) ? method : ''}`;
    const known = this.#chains.get(key);
    const chain = known ?? this.#entries.filter((each) => each.at === at && fits(each, method)).map(({ run }) => run);
    if (known === undefined) this.#chains.set(key, chain);
    return chain.length === 0 ? undefined : chain;
  }

  #replace(entries: readonly Entry[]): void {
    this.#entries = entries;
    this.#chains = new Map();
  }
}

function fits({ method }: Entry, name: string): boolean {
  return method === undefined || method === name;
}

function entryOf(given: readonly unknown[]): Entry {
  const named = typeof given[0] === 'string';
  const [run, options = {}] = named ? given.slice(1) : given;
  const method = named ? String(given[0]) : undefined;
  if (method !== undefined) assertMethod(method);
  const what = method === undefined ? 'use' : `use(${JSON.stringify(method)}, …)`;
  if (typeof run !== 'function') {
    throw new ConfigurationError(`${what} takes a function (ctx, next) => result; it was given ${kindOf(run)}`);
  }
  return { method, at: stageOf(options, method, what), run: run as Middleware };
}

function assertMethod(method: string): void {
  if (METHODS.includes(method)) return;
  const close = closestName(method, METHODS);
  const hint = close === undefined ? `It is one of ${METHODS.join(', ')}` : `Did you mean "${close}"?`;
  throw new ConfigurationError(`use does not know the method ${JSON.stringify(method)}. ${hint}`);
}

function stageOf(options: unknown, method: string | undefined, what: string): MiddlewareStage {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigurationError(
      `${what} takes options such as { at: 'handler' } last; it was given ${kindOf(options)}`,
    );
  }
  assertKnown(options, ['at'], `The options of ${what}`);
  const { at = 'request' }: MiddlewareOptions = options;
  if (at !== 'request' && at !== 'handler') throw new ConfigurationError(`${what}: "at" is 'request' or 'handler'`);
  if (at === 'handler' && method !== undefined && !WITH_ARGUMENTS.includes(method)) {
    throw new ConfigurationError(`${what}: only ${WITH_ARGUMENTS.join(' and ')} have middleware at: 'handler'`);
  }
  return at;
}
