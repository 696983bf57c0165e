import type { ServerResponse } from 'node:http';
import { hasNativeMethods } from './native-methods.js';

/**
 * Writes the status and headers of a response. The body must follow with `write`, `end` or `flushHeaders`.
 *
 * Middleware and agents replace methods of responses to add or read headers at the latest possible moment. Not all of them
 * support every signature of `writeHead` (`on-headers` before 1.1 makes `c: o` of a flat list of names and values), and
 * those that wait for `end` can set nothing after the head was written. If any method is not Node's own, headers are
 * therefore set one by one and Node writes the head with the body, as for every response of Express.
 *
 * @param lines a flat list of names and values; it is not kept or changed.
 */
export function writeHead(response: ServerResponse, status: number, lines: readonly string[]): void {
  if (hasNativeMethods(response)) {
    response.writeHead(status, lines as string[]);
    return;
  }
  response.statusCode = status;
  for (let at = 0; at < lines.length; at += 2) response.setHeader(lines[at] as string, lines[at + 1] as string);
}
