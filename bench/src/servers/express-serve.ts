import express from 'express';
import { serve } from 'mcp-express';
import { announce } from './announce.js';
import { answerBare } from './bare.js';

const app = express();
app.post('/mcp', answerBare);

const { server } = await serve(app, { port: 0 });
await announce(server);
