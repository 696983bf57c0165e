import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type Behind, startBehind } from './behind.js';
import { call, type Protocol, type Stream } from './client.js';
import type { ProxyServer } from './proxy-list.js';
import { EVENTS, GAP_MS, PATIENCE_MS, TOLD_MS } from './timing.js';

/** The behaviour of one proxy with one protocol, in words. */
export interface Measured {
  readonly flows: string;
  readonly leaving: string;
  readonly breaking: string;
  readonly underscores: string;
}

/** Measures one proxy with one protocol. */
export async function measure(proxy: ProxyServer, protocol: Protocol): Promise<Measured> {
  const behind = await startBehind(proxy);
  try {
    const port = protocol === 'HTTP/2' ? behind.http2 : behind.http1;
    return {
      flows: await flow(protocol, port),
      underscores: await underscore(protocol, port),
      leaving: await leave(protocol, port, behind),
      // The last, because nothing is left behind the proxy then.
      breaking: await breakOff(protocol, port, behind),
    };
  } finally {
    await behind.stop();
  }
}

async function flow(protocol: Protocol, port: number): Promise<string> {
  const stream = call(protocol, port, 'tick');
  const how = await inTime(stream.ended);
  // The progress and the answer.
  if (how !== 'whole' || stream.arrivals.length !== EVENTS + 1) {
    return `no (${how ?? 'nothing'}, status ${stream.status()}, ${stream.arrivals.length} of ${EVENTS + 1} events)`;
  }
  const took = (stream.arrivals.at(-1) ?? 0) - (stream.arrivals[0] ?? 0);
  return took > EVENTS * GAP_MS * 0.8 ? 'yes' : 'no, all at once';
}

async function underscore(protocol: Protocol, port: number): Promise<string> {
  const stream = call(protocol, port, 'named', { tenant: 'a' });
  await inTime(stream.ended);
  return stream.status() === 200 ? 'pass' : `dropped (${stream.status()})`;
}

async function leave(protocol: Protocol, port: number, { server }: Behind): Promise<string> {
  const stream = call(protocol, port, 'wait');
  // Right after a comment line, so that the server does not notice by a failed write of the next one.
  if ((await inTime(stream.first)) === undefined || !(await commented(stream))) return 'no stream';
  const heard = once(server, 'message');
  const leftAt = Date.now();
  stream.leave();
  if ((await inTime(heard)) === undefined) return `not within ${PATIENCE_MS / 1_000} s`;
  return Date.now() - leftAt < TOLD_MS ? 'at once' : 'by comment lines';
}

async function commented(stream: Stream): Promise<boolean> {
  const giveUp = performance.now() + PATIENCE_MS;
  const known = stream.comments();
  while (stream.comments() === known && performance.now() < giveUp) await pause(10);
  return stream.comments() > known;
}

async function breakOff(protocol: Protocol, port: number, { server }: Behind): Promise<string> {
  const stream = call(protocol, port, 'wait');
  if ((await inTime(stream.first)) === undefined) return 'no stream';
  server.kill('SIGKILL');
  const how = await inTime(stream.ended);
  stream.leave();
  return how === 'whole' ? 'no' : how === 'broken' ? 'yes' : `no, open for ${PATIENCE_MS / 1_000} s more`;
}

function inTime<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, pause(PATIENCE_MS, undefined, { ref: false })]);
}
