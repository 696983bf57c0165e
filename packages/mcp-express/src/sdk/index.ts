export { HostedServer } from '../hosting/hosted-server.js';
export type { HostOptions, Sharing } from '../hosting/hosting.js';
export type { EntryKind, HostedEntry, VisibleEntry } from '../hosting/visible-entries.js';
export { type HostSdkOptions, hostSdk, type SdkServerFactory } from './host-sdk.js';
export type { SdkServer } from './sdk-server.js';
