import express from 'express';
import { announce } from './announce.js';
import { answerBare } from './bare.js';

const app = express();
app.post('/mcp', answerBare);

await announce(app.listen(0, '127.0.0.1'));
