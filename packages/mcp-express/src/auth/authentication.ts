import type { NextFunction, Request, Response } from 'express';
import type { McpError } from '../protocol/errors.js';
import type { Principal } from './principal.js';

/** Express's types of requests, responses and handlers, imported in this file only. */
export type { NextFunction, Request, Response };
/** A handler for `app.use`. */
export type RequestHandler = (request: Request, response: Response, next: NextFunction) => void;

/** Protected-resource metadata (RFC 9728): its document and the places where it is served. */
export interface ResourceMetadata {
  /** Path below the origin of the resource: `/.well-known/oauth-protected-resource/a/mcp` for a resource at `/a/mcp`. */
  readonly path: string;
  /** The public URL of the document, which challenges name as `resource_metadata`. */
  readonly url: string;
  /** The JSON document. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** Authenticates callers, and builds the challenges for those it refuses. */
export interface Authentication {
  /**
   * Authenticates the sender of a request. Called once for each request, before any of it is processed.
   *
   * @throws McpError (as a rejection) `unauthorized`, `insufficient-scope`, or `invalid-request` for credentials sent in a
   *   forbidden way; each with its `WWW-Authenticate`. `store-unavailable` if verification itself failed.
   */
  authenticate(request: Request): Promise<Principal>;
  /**
   * Verifies the credentials of an authenticated request again while it is still being answered, so that an open stream
   * ends when its token is revoked or loses a scope. The DPoP proof is not checked a second time.
   *
   * @throws McpError (as a rejection) as `authenticate` does.
   */
  recheck?(request: Request): Promise<Principal>;
  /**
   * The refusal of a call that needs scopes its caller lacks (RFC 6750, section 3.1). The challenge asks for the union of
   * the granted scopes, those that every request needs and those that this call needs, so that stepping up loses none.
   */
  insufficientScope(granted: readonly string[], needed: readonly string[]): McpError;
  /** The metadata to publish; `undefined` without a declared resource or authorization server. */
  readonly metadata: ResourceMetadata | undefined;
}

/** An `Authentication` with handlers for an Express application. */
export interface ExpressAuthentication extends Authentication {
  /** Sets `req.auth` to the principal, or responds with the refusal: a JSON-RPC error whose `id` is null. */
  readonly middleware: RequestHandler;
  /**
   * Answers GET, HEAD and OPTIONS of the metadata document, at its own path and at the bare
   * `/.well-known/oauth-protected-resource`, and passes every other request on. Mount it with `app.use(auth.wellKnown)`,
   * before any middleware that requires credentials.
   */
  readonly wellKnown: RequestHandler;
}
