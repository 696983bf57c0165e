import { McpError } from '../protocol/errors.js';
import { isObject, type Params } from '../protocol/json-rpc.js';
import {
  type ClientCapabilities,
  type Implementation,
  isImplementation,
  isLogLevel,
  LOG_LEVELS,
  type LogLevel,
} from '../protocol/mcp.js';
import { META } from '../protocol/meta.js';

/** The `_meta` fields of a stateless request (MCP 2026-07-28, Base Protocol, "Per-request protocol fields"). */
export interface RequestMeta {
  /** The requested revision, which may be one that is not served. */
  readonly revision: string;
  readonly client: Implementation | undefined;
  readonly capabilities: ClientCapabilities;
  readonly logLevel: LogLevel | undefined;
}

/** Whether a request names its revision in `_meta`, even with an invalid value. */
export function hasRequestMeta(params: Params | undefined): boolean {
  const meta = params?.['_meta'];
  return isObject(meta) && Object.hasOwn(meta, META.protocolVersion);
}

/** @throws McpError `invalid-meta` when a required field is missing or a field has the wrong type */
export function readRequestMeta(params: Params | undefined): RequestMeta {
  const meta = params?.['_meta'];
  if (!isObject(meta)) throw invalid('is missing');
  const revision = meta[META.protocolVersion];
  const capabilities = meta[META.clientCapabilities];
  const client = meta[META.clientInfo];
  const logLevel = meta[META.logLevel];
  if (typeof revision !== 'string') throw invalid(`must have a string "${META.protocolVersion}"`);
  if (!isObject(capabilities)) throw invalid(`must have an object "${META.clientCapabilities}"`);
  if (client !== undefined && !isImplementation(client)) {
    throw invalid(`has a "${META.clientInfo}" that is no object with "name" and "version"`);
  }
  if (logLevel !== undefined && !isLogLevel(logLevel)) {
    throw invalid(`has a "${META.logLevel}" that is none of ${LOG_LEVELS.join(', ')}`);
  }
  return { revision, client, capabilities, logLevel };
}

/** Whether a value is an object with string members `name` and `version`. */
function invalid(what: string): McpError {
  return new McpError('invalid-meta', `"_meta" of the request ${what}`);
}
