import { McpError } from '../protocol/errors.js';
import type {
  Authentication,
  ExpressAuthentication,
  NextFunction,
  Request,
  RequestHandler,
  ResourceMetadata,
  Response,
} from './authentication.js';
import type { Challenges } from './challenge.js';
import type { Principal } from './principal.js';
import { sendRefusal } from './send-refusal.js';
import { wellKnownHandler } from './well-known.js';

/** The parts of an authentication method. */
export interface AuthenticationMethod {
  readonly authenticate: (request: Request) => Promise<Principal>;
  readonly recheck?: (request: Request) => Promise<Principal>;
  readonly challenges: Challenges;
  readonly metadata: ResourceMetadata | undefined;
}

/** Completes an authentication method with its handlers for an Express application. */
export function expressAuthentication({ challenges, metadata, ...asks }: AuthenticationMethod): ExpressAuthentication {
  const authentication: Authentication = {
    ...asks,
    insufficientScope: (granted, needed) => challenges.insufficientScope(granted, needed),
    metadata,
  };
  return Object.freeze({
    ...authentication,
    middleware: guard(authentication),
    wellKnown: wellKnownHandler(metadata),
  });
}

function guard({ authenticate }: Authentication): RequestHandler {
  return async (request, response, next) => {
    try {
      Object.assign(request, { auth: leftFor(await authenticate(request)) });
    } catch (thrown) {
      return refuseOr(next, response, McpError.from(thrown));
    }
    next();
  };
}

/** Express 4 ignores the promise of an asynchronous handler, so it must not reject. */
function refuseOr(next: NextFunction, response: Response, error: McpError): void {
  try {
    sendRefusal(response, error);
  } catch (cause) {
    next(cause);
  }
}

/**
 * The form of a principal on `req.auth` that `requestPrincipal` reads back unchanged. A `sub` in `extra` takes precedence,
 * because the official SDK keeps the subject there; other members of `extra` must not be mistaken for the subject.
 */
function leftFor(principal: Principal): Principal {
  const { subject, extra } = principal;
  return extra === undefined ? principal : { ...principal, extra: { ...extra, sub: subject } };
}
