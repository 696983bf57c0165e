import type { ServerResponse } from 'node:http';
import { hasOwnMethods } from './own-methods.js';

/**
 * Says the status and headers of a response, whose body has to follow by `write`, `end` or `flushHeaders`.
 *
 * Middleware and agents replace methods of responses to add headers, or to see them, at the latest moment there is. Not all
 * of them know every way to call `writeHead` (`on-headers` before 1.1 makes `c: o` of a flat list of names and values), and
 * those that wait for `end` can set nothing once a head was written. So where a method is not Node's own, headers are set
 * one by one and Node writes the head with the body, as for every answer of Express.
 *
 * @param lines a flat list of names and values, which nobody else gets to see.
 */
export function writeHead(response: ServerResponse, status: number, lines: readonly string[]): void {
  if (hasOwnMethods(response)) {
    response.writeHead(status, lines as string[]);
    return;
  }
  response.statusCode = status;
  for (let at = 0; at < lines.length; at += 2) response.setHeader(lines[at] as string, lines[at + 1] as string);
}
