export { HostedServer } from '../hosting/hosted-server.js';
export type { HostOptions, Sharing } from '../hosting/hosting.js';
export type { EntryKind, HostedEntry, VisibleEntry } from '../hosting/visible-entries.js';
export { type HostStdioOptions, hostStdio } from './host-stdio.js';
export { type StdioOptions, type StdioServer, serveStdio } from './serve-stdio.js';
