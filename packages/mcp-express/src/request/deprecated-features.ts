import { STATELESS_REVISIONS } from '../protocol/revisions.js';

/** The features that MCP 2026-07-28 deprecates, with their replacement ("Deprecated Features"; SEP-2577). */
const DEPRECATED = {
  roots: 'pass paths as tool arguments, resource URIs or configuration',
  sampling: "call a model provider's API",
  logging: 'log on the server: stderr, or OpenTelemetry',
} as const;

const warned = new Set<string>();

/**
 * Emits a `DeprecationWarning` of the process, once per feature, when a handler uses it for a client of a revision that
 * deprecates it. In earlier revisions the features are not deprecated, and there is no warning.
 */
export function warnIfDeprecated(feature: keyof typeof DEPRECATED, revision: string): void {
  if (warned.has(feature) || !STATELESS_REVISIONS.includes(revision)) return;
  warned.add(feature);
  const message = `MCP ${revision} deprecates ${feature}: ${DEPRECATED[feature]}. It still works.`;
  process.emitWarning(message, 'DeprecationWarning', `MCP_EXPRESS_DEPRECATED_${feature.toUpperCase()}`);
}
