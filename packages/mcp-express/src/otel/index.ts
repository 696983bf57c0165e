/**
 * OpenTelemetry: `mcp-express/otel`. It is a separate entry so that only servers that use it need `@opentelemetry/api`.
 *
 * @module
 */

export type { Instrumentation } from '../observe/instrumentation.js';
export { type OtelOptions, otel } from './otel.js';
