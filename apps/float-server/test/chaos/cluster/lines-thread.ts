import { parentPort, workerData } from 'node:worker_threads';
import { Line } from './line.js';
import type { LineOrder } from './lines.js';

const { target, count } = workerData as { readonly target: number; readonly count: number };

const lines = await Promise.all(Array.from({ length: count }, () => Line.start(target)));
parentPort?.on('message', ({ line, act }: LineOrder) => lines[line]?.[act]());
parentPort?.postMessage(lines.map(({ port }) => port));
