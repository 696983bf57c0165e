import { notificationText, type Params } from '../ground/json-rpc.js';

/** A notification as text; `undefined` when a handler put into it what JSON cannot say. */
export function writable(method: string, params: Params): string | undefined {
  try {
    return notificationText(method, params);
  } catch {
    return undefined;
  }
}
