import type { NextFunction, Request, Response } from 'express';
import type { McpError } from '../protocol/errors.js';
import type { Principal } from './principal.js';

/** The request, response and handler of Express, named here once for this room. */
export type { NextFunction, Request, Response };
export type RequestHandler = (request: Request, response: Response, next: NextFunction) => void;

/** Protected-resource metadata (RFC 9728): where it is served, and what it says. */
export interface ResourceMetadata {
  /** Below the origin of the resource: `/.well-known/oauth-protected-resource/a/mcp` for a resource at `/a/mcp`. */
  readonly path: string;
  /** Where clients find it from outside. It is what challenges name as `resource_metadata`. */
  readonly url: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Says who is calling, and how a client that may not can get what it needs. */
export interface Authentication {
  /**
   * Who sent this request. Asked once for each request, before anything of it is carried out.
   *
   * @throws McpError (as a rejection) `unauthorized`, `insufficient-scope`, or `invalid-request` for credentials that
   *   are sent in a forbidden way; each with its `WWW-Authenticate`. `store-unavailable` when it could not be found out.
   */
  authenticate(request: Request): Promise<Principal>;
  /**
   * Asks again about a request that was authenticated before and is still being answered, so that an open stream can end
   * when its token is revoked or loses a scope. The proof of a DPoP key is not asked for a second time.
   *
   * @throws McpError (as a rejection) as `authenticate` does.
   */
  recheck?(request: Request): Promise<Principal>;
  /**
   * The refusal of a call that needs scopes its caller does not have (RFC 6750, section 3.1). It asks for the union of
   * what the caller has, what every request needs and what this call needs, so that stepping up loses nothing.
   */
  insufficientScope(granted: readonly string[], needed: readonly string[]): McpError;
  /** What to publish; `undefined` when no resource or no authorization server was declared. */
  readonly metadata: ResourceMetadata | undefined;
}

/** An `Authentication` with the handlers to mount it in an Express application by hand. */
export interface ExpressAuthentication extends Authentication {
  /** Sets `req.auth` to the principal, or answers the refusal as a JSON-RPC error whose `id` is null. */
  readonly middleware: RequestHandler;
  /**
   * Answers GET, HEAD and OPTIONS of the metadata document, at its own path and at the bare
   * `/.well-known/oauth-protected-resource`, and passes on everything else. Mount it with `app.use(auth.wellKnown)`,
   * before anything that asks for credentials.
   */
  readonly wellKnown: RequestHandler;
}
