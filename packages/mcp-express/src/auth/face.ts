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
import { refuse } from './refuse.js';
import { wellKnownHandler } from './well-known.js';

/** What every way to authenticate is made of. */
export interface FaceParts {
  readonly authenticate: (request: Request) => Promise<Principal>;
  readonly recheck?: (request: Request) => Promise<Principal>;
  readonly challenges: Challenges;
  readonly metadata: ResourceMetadata | undefined;
}

/** An `Authentication`, and its handlers for an Express application. */
export function expressFace({ challenges, metadata, ...asks }: FaceParts): ExpressAuthentication {
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

/** Express 4 does not look at what an asynchronous handler comes to: nothing may reject here. */
function refuseOr(next: NextFunction, response: Response, error: McpError): void {
  try {
    refuse(response, error);
  } catch (cause) {
    next(cause);
  }
}

/**
 * As `requestPrincipal` reads it again: a subject in `extra` goes before all, since the official SDK keeps it there, and
 * whatever else is in there must not be taken for one.
 */
function leftFor(principal: Principal): Principal {
  const { subject, extra } = principal;
  return extra === undefined ? principal : { ...principal, extra: { ...extra, sub: subject } };
}
