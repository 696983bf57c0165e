/**
 * Authentication: `mcp-express/auth`. It is a separate entry so that servers without it do not load Passport and jose.
 *
 * @module
 */
export { type ApiKey, type ApiKeyOptions, apiKeys, hashApiKey } from './api-keys.js';
export type { Authentication, ExpressAuthentication, ResourceMetadata } from './authentication.js';
export { type BearerAuthOptions, bearerAuth } from './bearer-auth.js';
export type { ClaimName } from './claimed-names.js';
export type { DpopOptions } from './dpop-options.js';
export type { EndpointOptions } from './endpoint-options.js';
export type { Fetch } from './fetch-json.js';
export { type IntrospectionClient, type IntrospectionOptions, introspection } from './introspection.js';
export { jwt } from './jwt.js';
export type { JwtOptions } from './jwt-options.js';
export { type PassportAuthOptions, passportAuth } from './passport-auth.js';
export type { PassportStrategy } from './passport-runner.js';
export type { Principal } from './principal.js';
export type { TokenTarget, TokenVerifier, VerifiedToken, VerifyToken } from './verifier.js';
