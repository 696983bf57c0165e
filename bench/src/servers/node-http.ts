import { createServer } from 'node:http';
import { announce } from './announce.js';
import { answerBare } from './bare.js';

await announce(createServer(answerBare).listen(0, '127.0.0.1'));
