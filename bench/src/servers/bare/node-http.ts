import { createServer } from 'node:http';
import { announce } from '../announce.js';
import { answerBare } from './answer.js';
import { openStream, writeToAll } from './streams.js';

const server = createServer((request, response) =>
  request.method === 'GET' ? openStream(request, response) : answerBare(request, response),
);
await announce(server.listen(0, '127.0.0.1'), writeToAll);
