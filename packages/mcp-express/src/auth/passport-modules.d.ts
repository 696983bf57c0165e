/**
 * The part of Passport's types that is used. The published types would add members to every Express request of every
 * application that installs this package.
 */
declare module 'passport' {
  type Callback = (error: unknown, user?: unknown, info?: unknown, status?: unknown) => void;
  type Handler = (request: object, response: object, next: (error?: unknown) => void) => void;

  class Passport {
    use(name: string, strategy: object): this;
    authenticate(name: string, options: { readonly session: false }, callback: Callback): Handler;
  }

  const passport: { readonly Passport: typeof Passport };
  export default passport;
}

declare module 'passport-http-bearer' {
  type Done = (error: unknown, user?: unknown, info?: unknown) => void;

  export default class Strategy<Request extends object> {
    constructor(
      options: { readonly passReqToCallback: true },
      verify: (request: Request, token: string, done: Done) => void,
    );
    authenticate(request: object, options?: object): void;
  }
}
