import { connect, type Socket } from 'node:net';
import { onCleanup } from '../../support/cleanup.js';
import { within } from '../../support/wait.js';

/** A connection of which every byte is the test's own. */
export function dial(port: number, host = '127.0.0.1'): Socket {
  const socket = connect({ port, host });
  socket.on('error', () => {});
  onCleanup(() => socket.destroy());
  return socket;
}

/** Sends these bytes, and gives all that came until the server closed the connection. */
export async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = dial(port);
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  await within('the server closes the connection', closed);
  return Buffer.concat(chunks).toString('latin1');
}

export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** A request as it is on the wire, with a length, after which the connection is to be closed. */
export function wireRequest(method: string, headers: HeaderLines, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body);
  const own: HeaderLines = [
    ['Connection', 'close'],
    ['Content-Length', String(bytes.length)],
  ];
  const lines = [...headers, ...own].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${method} /mcp HTTP/1.1\r\n${lines}\r\n`, 'latin1'), bytes]);
}

export function statusIn(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}
