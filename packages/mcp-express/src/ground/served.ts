/**
 * The servers that `serve` made. What leans on the insides of Node or Express is done for those only: an application that
 * listens by itself gets nothing but documented calls.
 */
export const servedServers = new WeakSet<object>();
