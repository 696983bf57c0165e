import passport from 'passport';

/** Any Passport strategy: an object with this method, which reports through the actions Passport gives it. */
export interface PassportStrategy {
  authenticate(request: never, options?: never): unknown;
}

/** What a strategy came to. Whatever is not a user is a refusal. */
export type Outcome =
  | { readonly kind: 'user'; readonly user: unknown; readonly info: unknown }
  /** As the strategy told it: a challenge, an object with a message, a status, or nothing. */
  | { readonly kind: 'refused'; readonly challenge: unknown };

const NAME = 'only';

/** Runs one Passport strategy, without sessions, in a Passport of its own: the application's is never touched. */
export class PassportRunner {
  readonly #passport = new passport.Passport();

  constructor(strategy: PassportStrategy) {
    // By name: a strategy that is handed over as an object would be shared, actions and all, by concurrent requests.
    this.#passport.use(NAME, reportingRejections(strategy));
  }

  /** Rejects with what the strategy reported as an error, or threw. */
  run(request: object): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const refuse = (challenge?: unknown): void => resolve({ kind: 'refused', challenge });
      const authenticate = this.#passport.authenticate(NAME, { session: false }, (error, user, info) => {
        if (error) reject(error);
        else if (user) resolve({ kind: 'user', user, info });
        else refuse(info);
      });
      authenticate(request, deafResponse(refuse), (error) => (error ? reject(error) : refuse()));
    });
  }
}

/**
 * A strategy that redirects writes to the response itself and says nothing else. There is nowhere to redirect a program
 * to, so that is a refusal.
 */
function deafResponse(onEnd: () => void): object {
  return { setHeader: () => {}, end: () => onEnd() };
}

/** Passport ignores what `authenticate` returns, so the rejection of an asynchronous one would end the process. */
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
