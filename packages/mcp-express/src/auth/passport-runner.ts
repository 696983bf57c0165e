import passport from 'passport';

/** Any Passport strategy: an object with this method, which reports through the actions that Passport adds to it. */
export interface PassportStrategy {
  authenticate(request: never, options?: never): unknown;
}

/** The result of a strategy; anything but a user is a refusal. */
export type Outcome =
  | { readonly kind: 'user'; readonly user: unknown; readonly info: unknown }
  /** The challenge as the strategy reported it: a string, an object with a message, a status, or nothing. */
  | { readonly kind: 'refused'; readonly challenge: unknown };

const NAME = 'only';

/** Runs one Passport strategy without login sessions, in a Passport instance of its own: the application's is not touched. */
export class PassportRunner {
  readonly #passport = new passport.Passport();

  constructor(strategy: PassportStrategy) {
    // Registered by name: a strategy passed as an object, and its actions, would be shared by concurrent requests.
    this.#passport.use(NAME, reportingRejections(strategy));
  }

  /** Authenticates one request. Rejects with any error that the strategy reported or threw. */
  run(request: object): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const refuse = (challenge?: unknown): void => resolve({ kind: 'refused', challenge });
      const authenticate = this.#passport.authenticate(NAME, { session: false }, (error, user, info) => {
        if (error) reject(error);
        else if (user) resolve({ kind: 'user', user, info });
        else refuse(info);
      });
      authenticate(request, discardingResponse(refuse), (error) => (error ? reject(error) : refuse()));
    });
  }
}

/**
 * A response for strategies that redirect, which they do by writing to it. MCP clients cannot follow a login redirect, so
 * the end of this response counts as a refusal.
 */
function discardingResponse(onEnd: () => void): object {
  return { setHeader: () => {}, end: () => onEnd() };
}

/** Passport ignores the result of `authenticate`, so a rejection of an asynchronous one would crash the process. */
function reportingRejections(strategy: PassportStrategy): object {
  const authenticate = strategy.authenticate as (request: object, options?: object) => unknown;
  return Object.create(strategy, {
    authenticate: {
      value(this: { error(reason: unknown): void }, request: object, options?: object): void {
        const returned = authenticate.call(this, request, options);
        if (returned instanceof Promise) returned.catch((reason) => this.error(reason ?? new Error('Rejected')));
      },
    },
  });
}
