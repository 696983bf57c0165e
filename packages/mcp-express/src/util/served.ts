/**
 * The HTTP servers that `serve` created. Optimisations that use internals of Node or Express apply to them only. An
 * application that listens itself gets documented calls only.
 */
export const servedServers = new WeakSet<object>();
